package kinds

import (
	"iter"
	"math/rand/v2"
	"strconv"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/values"
)

var random = Kind{
	Name: "random",
	Doc:  "Draws requests at random, right ones and ones with one thing wrong in turns, as many as are asked for with --cases, the same ones for the same seed. One that breaks the contract is made as small as it can be before it is reported.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			plans := s.plans(op)
			if len(plans) == 0 {
				return
			}
			for i := range s.Draws {
				p := plans[i%len(plans)]
				c := p.draw(strconv.Itoa(i), i%2 == 1)
				if c != nil && !yield(c) {
					return
				}
			}
		}
	},
}

// draw makes one request by chance, with one thing wrong if wanted.
func (p *plan) draw(detail string, wrong bool) *contract.Case {
	h := hashed(p.op.ID+"/random/"+detail, p.source.Seed)
	r := rand.New(rand.NewPCG(h, uint64(p.source.Seed)))
	d := p.draft.clone()
	free := p.drawParameters(r, d)
	free = p.drawBody(r, d) || free
	p.fresh(d, p.op.ID+"/random/"+detail, "")
	if wrong {
		return p.drawWrong(r, d, detail)
	}
	return p.drawn(d, detail, free)
}

// drawParameters tells whether any is a text that only its meaning bounds.
func (p *plan) drawParameters(r *rand.Rand, d *draft) (free bool) {
	for _, parameter := range p.op.Parameters {
		if !p.free(parameter) || parameter.In == "path" || !parameter.Required && r.IntN(2) == 0 {
			continue
		}
		value, ok := p.source.schema(parameter.Schema, nil).Draw(r)
		if changed := d.clone(); ok && value != nil && changed.set(parameter, value) {
			*d = *changed
			free = free || hasFreeText(parameter.Schema, true, 0)
		}
	}
	return free
}

// drawBody tells whether the body holds texts that only their meaning bounds.
func (p *plan) drawBody(r *rand.Rand, d *draft) bool {
	media, ok := jsonMedia(p.op)
	if !ok {
		return false
	}
	body, ok := p.source.schema(media.Schema, nil).Draw(r)
	if !ok {
		return false
	}
	d.header.Set("Content-Type", media.Type)
	d.body = contract.Encode(settle(media.Schema, values.Value{JSON: body, Pointer: "-"}))
	return hasFreeText(media.Schema, true, 0)
}

// drawn is the accepted case of a draft, nil where the validators differ.
func (p *plan) drawn(d *draft, detail string, free bool) *contract.Case {
	c := p.accepted("random", detail, d)
	if c == nil {
		return nil
	}
	if free && c.Doubt == "" {
		c.Doubt = "its texts are drawn at random, and only their meaning could tell whether they are right"
	}
	media, _ := jsonMedia(p.op)
	c.Shrink = p.shrink(d, func(smaller *draft) *contract.Case {
		if !vouched(media.Schema, decoded(smaller.body), nil) {
			return nil // another thing than what was drawn would be wrong with it
		}
		return p.drawn(smaller, detail, free)
	})
	return c
}

// drawWrong breaks one thing of a drawn request, picked at random.
func (p *plan) drawWrong(r *rand.Rand, d *draft, detail string) *contract.Case {
	var misses []variation
	around := *p
	around.draft = d
	around.variations(wrongValues, anyParameter, func(v variation) bool {
		if (v.in == "body" || p.plain(v)) && v.value.Keyword != "format" {
			misses = append(misses, v)
		}
		return len(misses) < 400
	})
	for range min(len(misses), 8) {
		v := misses[r.IntN(len(misses))]
		if c := p.drawnWrong(v, detail); c != nil {
			return c
		}
	}
	return nil
}

func (p *plan) drawnWrong(v variation, detail string) *contract.Case {
	c := p.rejected("random", detail, v)
	if c != nil {
		c.Shrink = p.shrink(v.draft, func(smaller *draft) *contract.Case {
			v.draft = smaller
			return p.drawnWrong(v, detail)
		})
	}
	return c
}

// tries is how many smaller requests are sent to find the smallest.
const tries = 60

// shrink makes a case smaller as long as it still shows the fault: the
// parameters that may be left out, then what is in the body.
func (p *plan) shrink(d *draft, again func(*draft) *contract.Case) func(func(*contract.Case) bool) *contract.Case {
	return func(shows func(*contract.Case) bool) *contract.Case {
		var smallest *contract.Case
		best := d.clone()
		holds := func(smaller *draft) bool {
			c := again(smaller)
			if c == nil || !shows(c) {
				return false
			}
			smallest, best = c, smaller
			return true
		}
		for _, parameter := range p.op.Parameters {
			if parameter.In != "path" && !parameter.Required && best.has(parameter) {
				smaller := best.clone()
				smaller.unset(parameter)
				holds(smaller)
			}
		}
		if body, ok := contract.Decode(best.body); ok && len(best.body) > 0 {
			values.Shrink(body, func(v any) bool {
				smaller := best.clone()
				smaller.body = contract.Encode(v)
				return holds(smaller)
			}, tries)
		}
		return smallest
	}
}
