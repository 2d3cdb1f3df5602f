package bakery

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"
)

// item is one thing on the menu.
type item struct {
	id      string
	updated time.Time
	fields  map[string]any
}

func (s *Server) entry(it *item) map[string]any {
	out := maps.Clone(it.fields)
	delete(out, "supplierCode")
	out["id"], out["updatedAt"] = it.id, it.updated.Format(time.RFC3339)
	switch s.fault {
	case "item-without-id":
		delete(out, "id")
	case "item-of-no-kind":
		out["kind"] = "soup"
	case "item-extra-member":
		out["cost"] = 1
	}
	return out
}

// item finds a thing on the menu by the path; the reply says why there is none.
func (s *Server) item(r *request) (*item, *reply) {
	id := r.path["itemId"]
	s.rules.itemID(&r.wrong, "itemId", id)
	if a, refused := r.refused(); refused {
		return nil, &a
	}
	for _, it := range s.menu {
		if it.id == id {
			return it, nil
		}
	}
	a := problem(http.StatusNotFound, "the menu has no such thing")
	return nil, &a
}

func (s *Server) createItem(r *request) reply {
	fields, refused := s.body(r, "application/json", s.rules.menuItem)
	if refused != nil {
		return *refused
	}
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never returns an error
	it := &item{id: fmt.Sprintf("m-%x", b), updated: time.Now().UTC(), fields: fields}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menu = append(s.menu, it)
	a := result(http.StatusCreated, s.entry(it))
	a.header.Set("Location", base+"/menu/"+it.id)
	return a
}

func (s *Server) getItem(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, refused := s.item(r)
	if refused != nil {
		return *refused
	}
	return result(http.StatusOK, s.entry(it))
}

func (s *Server) replaceItem(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, refused := s.item(r)
	if refused != nil {
		return *refused
	}
	fields, refused := s.body(r, "application/json", pick(s.fault, "replace-unchecked", rule(anything), s.rules.menuItem))
	if refused != nil {
		return *refused
	}
	if !s.fault.is("replace-lost") && fields != nil {
		it.fields, it.updated = fields, time.Now().UTC()
	}
	return result(http.StatusOK, s.entry(it))
}

func (s *Server) deleteItem(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, refused := s.item(r)
	if refused != nil {
		return *refused
	}
	if !s.fault.is("item-stays") {
		s.menu = slices.DeleteFunc(s.menu, func(other *item) bool { return other == it })
	}
	return empty(http.StatusNoContent)
}

func (s *Server) listMenu(r *request) reply {
	var diets []string
	for _, line := range r.Header.Values("X-Diet") {
		for diet := range strings.SplitSeq(line, ",") {
			diets = append(diets, strings.TrimSpace(diet))
		}
	}
	r.list("X-Diet", diets, s.rules.diets)
	units := "metric"
	for _, c := range r.CookiesNamed("units") {
		units = c.Value
		s.rules.units(&r.wrong, "units", units)
	}
	kind, most := s.wanted(r)
	limit := digits(r.optional("limit", s.rules.limit, "50"))
	if a, refused := r.refused(); refused {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := []any{}
	for _, it := range slices.Backward(s.menu) {
		if len(entries) < limit && it.fits(diets, kind, most) {
			entries = append(entries, s.entry(it))
		}
	}
	return result(http.StatusOK, map[string]any{"units": units, "items": entries})
}

// wanted reads the parameter filter; most is nil where it sets no price.
func (s *Server) wanted(r *request) (kind string, most *big.Rat) {
	given, ok := r.one("filter")
	if !ok {
		return "", nil
	}
	v, err := decoder{}.decode([]byte(given))
	if err != nil {
		r.wrong.add("filter", "is not JSON")
		return "", nil
	}
	s.rules.filter(&r.wrong, "filter", v)
	members, _ := v.(map[string]any)
	kind, _ = members["kind"].(string)
	if n, ok := members["maxPrice"].(json.Number); ok {
		most, _ = exact(n)
	}
	return kind, most
}

func (it *item) fits(diets []string, kind string, most *big.Rat) bool {
	own, _ := it.fields["diets"].([]any)
	price, _ := exact(it.fields["price"])
	for _, diet := range diets {
		if !slices.Contains(own, any(diet)) {
			return false
		}
	}
	return (kind == "" || kind == it.fields["kind"]) && (most == nil || price.Cmp(most) <= 0)
}

// quote says what a party would cost: four euros a guest.
func (s *Server) quote(r *request) reply {
	fields, refused := s.body(r, "application/json", s.rules.quote)
	if refused != nil {
		return *refused
	}
	guests, _ := exact(fields["guests"])
	price := json.Number(guests.Mul(guests, big.NewRat(4, 1)).FloatString(2))
	return result(http.StatusOK, map[string]any{
		"guests": fields["guests"], "currency": fields["currency"], "size": fields["size"],
		"price": pick(s.fault, "quote-for-nothing", "0", price), "validUntil": time.Now().UTC().AddDate(0, 0, 14).Format(time.RFC3339),
	})
}
