package kinds

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var conditional = sceneKind("conditional",
	"Reads under the condition that the thing has changed (If-None-Match), with the entity tag that came before and with another one, and writes under the condition that it has not (If-Match), where the document declares a 304 or a 412 and what leads to it. A target that sends no ETag is not judged (RFC 9110, section 13).",
	func(p *plan, yield func(*contract.Case) bool) bool {
		switch p.op.Method {
		case "GET":
			return each(yield, p.readAgain()...)
		case "PUT", "PATCH", "DELETE":
			return each(yield, p.writtenIf()...)
		}
		return true
	})

// tagExpr is where a reply has its entity tag.
const tagExpr = "$response.header.ETag"

// readAgain are the conditional reads: the client has the latest, has it among
// others, and has another one.
func (p *plan) readAgain() []*contract.Case {
	if r := p.op.Response(304); r == nil || r.Status != "304" || !p.conditions("If-None-Match", "304") {
		return nil
	}
	other := p.otherTag("If-None-Match")
	return []*contract.Case{
		p.reread("current-tag", p.likeTag("If-None-Match"), "{etag}"),
		p.reread("current-tag-among-others", `"b", "a"`, `"conformance-other", {etag}`),
		p.reread("other-tag", other, other),
	}
}

// reread reads once without and once with If-None-Match. Like is a value of its
// form, by which the case proves itself, as the tag itself is not yet known.
func (p *plan) reread(detail, like, value string) *contract.Case {
	if like == "" || !p.mayHave("If-None-Match", like) {
		return nil
	}
	sc := p.scene("conditional", p.variant()+"/"+detail, contract.Accepted, p.source.Contract.Cites("conditional"))
	sc.send(p, func(d *draft) { d.header.Del("If-None-Match") })
	sc.last().Loose = !p.certain
	first := sc.last().Name
	sc.send(p, func(d *draft) { d.header.Set("If-None-Match", value) })
	sc.needsTag("If-None-Match", first)
	// 400 is for a tag that the target sends and the document does not let a client have.
	sc.c.Excuses, sc.c.Doubt = append(p.excuses(), 400), p.conditionDoubt("If-None-Match")
	if detail == "other-tag" {
		sc.c.Statuses = p.successStatuses()
	}
	return sc.end()
}

// writtenIf are the conditional writes: under another tag, which is refused and
// changes nothing, and under the current one.
func (p *plan) writtenIf() []*contract.Case {
	read := p.source.readOf(p.op)
	if read == nil || p.op.Response(412) == nil || !p.conditions("If-Match", "412") {
		return nil
	}
	other := p.otherTag("If-Match")
	refused := p.rewrite("other-tag", read, other, other)
	if refused != nil {
		refused.Expect, refused.Statuses = contract.Rejected, []int{412}
		refused.Excuses = slices.DeleteFunc(p.excuses(), func(status int) bool { return status == 412 })
		refused.Breaks = &contract.Break{In: "header", Pointer: "If-Match", Keyword: "condition"}
		if !p.tagsAreBounded("If-Match") { // to the server the tag may be none at all
			refused.Statuses = append(refused.Statuses, 400)
		}
	}
	return []*contract.Case{refused, p.rewrite("other-tag-changes-nothing", read, other, other), p.rewrite("current-tag", read, p.likeTag("If-Match"), "{etag}")}
}

// rewrite reads, writes with If-Match, and, but for a refusal, reads again, by
// which can be told whether anything changed.
func (p *plan) rewrite(detail string, read *spec.Operation, like, value string) *contract.Case {
	if like == "" || !p.mayHave("If-Match", like) {
		return nil
	}
	sc := p.scene("conditional", p.variant()+"/"+detail, contract.Any, p.source.Contract.Cites("conditional"))
	sc.readSame(p, read)
	if sc.broken {
		return nil
	}
	first := sc.last().Name
	sc.send(p, func(d *draft) { d.header.Set("If-Match", value) })
	sc.needsTag("If-Match", first)
	sc.c.Doubt = p.conditionDoubt("If-Match")
	if detail != "other-tag" {
		sc.last().Loose = true
		sc.readSame(p, read)
	}
	return sc.end()
}

// needsTag has the last step filled with the tag of an earlier one, without
// which it is not sent.
func (sc *scene) needsTag(header, from string) {
	sc.last().Binds = append(sc.last().Binds, contract.Bind{Name: "etag", Header: header, Step: from, Expr: tagExpr})
}

// readSame appends a read of what the plan's request changes.
func (sc *scene) readSame(p *plan, read *spec.Operation) {
	d := p.source.draftExample(read, "")
	d.path, d.text, d.bound = p.draft.path, p.draft.text, p.draft.bound
	flagged(read, nil, nil)(d)
	lacks := func(parameter spec.Parameter) bool { return parameter.Required && !d.has(parameter) }
	reading := *p
	reading.op = read
	step, err := reading.step(d)
	if err != nil || slices.ContainsFunc(read.Parameters, lacks) {
		sc.broken = true
		return
	}
	step.Name = sc.name(read.ID)
	sc.steps = append(sc.steps, step)
}

// readOf is the GET of an operation's path.
func (s *Source) readOf(op *spec.Operation) *spec.Operation {
	i := slices.IndexFunc(s.Contract.Operations, func(other *spec.Operation) bool { return other.Method == "GET" && other.Path == op.Path })
	if i < 0 {
		return nil
	}
	return s.Contract.Operations[i]
}

// conditions tells whether the document promises the condition of a header: it
// has the parameter, or the status by name and the tag that it is about.
func (p *plan) conditions(header, status string) bool {
	if _, ok := p.parameterIn("header", header); ok {
		return true
	}
	read := p.source.readOf(p.op)
	return read != nil && sendsTag(read) && slices.ContainsFunc(p.op.Responses, func(r spec.Response) bool { return r.Status == status })
}

// conditionDoubt says what is wanting of a condition that only its outcome
// stands for.
func (p *plan) conditionDoubt(header string) string {
	if _, ok := p.parameterIn("header", header); ok {
		return ""
	}
	return "the document has the status of the condition, and not the header " + header
}

// sendsTag tells whether a success of a read declares an entity tag.
func sendsTag(read *spec.Operation) bool {
	return slices.ContainsFunc(read.Responses, func(r spec.Response) bool {
		return strings.HasPrefix(r.Status, "2") && slices.ContainsFunc(r.Headers, func(h spec.Header) bool { return strings.EqualFold(h.Name, "ETag") })
	})
}

func (p *plan) parameterIn(in, name string) (spec.Parameter, bool) {
	for _, parameter := range p.op.Parameters {
		if parameter.In == in && strings.EqualFold(parameter.Name, name) {
			return parameter, true
		}
	}
	return spec.Parameter{}, false
}

// mayHave tells whether the plan's request is right with a header of that form.
func (p *plan) mayHave(header, like string) bool {
	d := p.draft.clone()
	d.header.Set(header, like)
	ok, _ := p.right(d)
	return ok
}

// otherTag is an entity tag that nothing has: one drawn from the parameter's
// schema where that says what one is like, "" where it lets none be long enough.
func (p *plan) otherTag(header string) string {
	const plain = `"conformance-other"`
	if p.mayHave(header, plain) {
		return plain
	}
	if tag := p.drawnTag(header); len(tag) >= shortestTag {
		return tag
	}
	return ""
}

// likeTag is some entity tag that the parameter's schema takes.
func (p *plan) likeTag(header string) string {
	const short = `"a"`
	if p.mayHave(header, short) {
		return short
	}
	return p.drawnTag(header)
}

// drawnTag is the longest of some entity tags drawn from the parameter's schema.
func (p *plan) drawnTag(header string) string {
	parameter, ok := p.parameterIn("header", header)
	if !ok {
		return ""
	}
	h := hashed(p.op.ID+"/conditional/"+header, p.source.Seed)
	r, longest := rand.New(rand.NewPCG(h, h)), ""
	for range 20 {
		value, _ := p.source.schema(parameter.Schema, nil).Draw(r)
		if text, ok := value.(string); ok && len(text) > len(longest) && strings.HasPrefix(text, `"`) {
			longest = text
		}
	}
	return longest
}

// shortestTag is how long a drawn tag has to be not to be that of something.
const shortestTag = 10

// tagsAreBounded tells whether the document says by a pattern what an entity
// tag in a header is like.
func (p *plan) tagsAreBounded(header string) bool {
	parameter, ok := p.parameterIn("header", header)
	return ok && parameter.Schema.Resolve().Get("pattern").Exists()
}

// successStatuses are the declared statuses of success, 200 where they are a
// range.
func (p *plan) successStatuses() []int {
	out := []int(nil)
	for _, r := range p.op.Responses {
		if status := atoi(r.Status); status/100 == 2 {
			out = append(out, status)
		}
	}
	if len(out) == 0 {
		return []int{200}
	}
	return out
}
