package bakery

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// order is an order as it is kept.
type order struct {
	id      string
	created time.Time
	version int
	// fields are the members of the request, with those that are always there.
	fields map[string]any
}

// newID is a random UUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never returns an error
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// shown is an order as the bakery returns it.
func (s *Server) shown(o *order) map[string]any {
	out := maps.Clone(o.fields)
	delete(out, "pin")
	out["id"], out["status"], out["total"] = o.id, "placed", total(o.fields)
	out["createdAt"] = o.created.Format(time.RFC3339)
	switch s.fault {
	case "pin-returned":
		out["pin"] = "0000"
	case "created-without-zone":
		out["createdAt"] = o.created.Format("2006-01-02T15:04:05")
	case "total-text":
		out["total"] = fmt.Sprint(out["total"])
	case "total-thousandths":
		out["total"] = json.Number("1.005")
	case "order-secret-member":
		out["margin"] = 0.4
	case "note-left-out":
		delete(out, "note")
	case "status-unknown":
		out["status"] = "burnt"
	}
	return out
}

// total is the sum of the lines.
func total(fields map[string]any) json.Number {
	sum := new(big.Rat)
	lines, _ := fields["lines"].([]any)
	for _, line := range lines {
		members, _ := line.(map[string]any)
		quantity, _ := exact(members["quantity"])
		price, _ := exact(members["unitPrice"])
		sum.Add(sum, price.Mul(price, quantity))
	}
	return json.Number(sum.FloatString(2))
}

// tagged is a reply with the order and its entity tag.
func (s *Server) tagged(status int, o *order) reply {
	a := result(status, s.shown(o))
	s.tag(a, o)
	if s.fault.is("order-twice-a-member") {
		a.body = append([]byte(`{"id":"`+o.id+`",`), a.body[1:]...)
	}
	return a
}

func (s *Server) tag(a reply, o *order) {
	switch s.fault {
	case "tag-missing":
	case "tag-unquoted":
		a.header.Set("ETag", strconv.Itoa(o.version))
	default:
		a.header.Set("ETag", quoted(o.version))
	}
}

// order finds an order by the path; the reply says why there is none.
func (s *Server) order(r *request) (*order, *reply) {
	id := r.path["orderId"]
	s.rules.uuid(&r.wrong, "orderId", id)
	if a, refused := r.refused(); refused {
		if s.fault.is("odd-id-500") {
			a = problem(http.StatusInternalServerError, "oops")
		}
		return nil, &a
	}
	for _, o := range s.orders {
		if strings.EqualFold(o.id, id) {
			return o, nil
		}
	}
	a := problem(http.StatusNotFound, "there is no such order")
	return nil, &a
}

func (s *Server) createOrder(r *request) reply {
	fields, refused := s.body(r, "application/json", s.rules.newOrder)
	if refused != nil {
		return *refused
	}
	for name, value := range map[string]any{"branch": "market", "note": nil, "tags": []any{}, "pickupAt": nil} {
		if _, given := fields[name]; !given {
			fields[name] = value
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	same := func(o *order) bool { return o.fields["reference"] == fields["reference"] }
	if slices.ContainsFunc(s.orders, same) && !s.fault.is("reference-twice") {
		return problem(http.StatusConflict, "an order with this reference exists")
	}
	o := &order{id: newID(), created: time.Now().UTC(), version: 1, fields: fields}
	s.orders = append(s.orders, o)
	a := s.tagged(pick(s.fault, "created-200", 200, 201), o)
	if !s.fault.is("location-missing") {
		a.header.Set("Location", pick(s.fault, "location-odd", "orders/"+o.id, base+"/orders/"+o.id))
	}
	return a
}

func (s *Server) getOrder(r *request) reply {
	known := r.Header.Get("If-None-Match")
	if len(r.Header.Values("If-None-Match")) > 0 {
		s.rules.tagOrAny(&r.wrong, "If-None-Match", known)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, refused := s.order(r)
	if refused != nil {
		return *refused
	}
	current := known == "*" || known == quoted(o.version)
	if s.fault.is("not-modified-ever") {
		current = known != ""
	}
	if current && !s.fault.is("if-none-match-ignored") {
		a := empty(http.StatusNotModified)
		s.tag(a, o)
		return a
	}
	return s.tagged(http.StatusOK, o)
}

func (s *Server) headOrder(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, refused := s.order(r)
	if refused != nil {
		return empty(refused.status)
	}
	if s.fault.is("head-unknown") {
		return empty(http.StatusMethodNotAllowed)
	}
	if s.fault.is("head-without-tag") {
		return result(http.StatusOK, s.shown(o))
	}
	return s.tagged(http.StatusOK, o)
}

func (s *Server) updateOrder(r *request) reply {
	wanted := r.Header.Get("If-Match")
	if len(r.Header.Values("If-Match")) > 0 {
		s.rules.tag(&r.wrong, "If-Match", wanted)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, refused := s.order(r)
	if refused != nil {
		return *refused
	}
	patch, refused := s.body(r, "application/merge-patch+json", s.rules.orderPatch)
	if refused != nil {
		return *refused
	}
	same := wanted == "" || wanted == quoted(o.version) || s.fault.is("if-match-ignored")
	if s.fault.is("if-match-refused") {
		same = wanted == ""
	}
	if !same && s.fault.is("patch-and-refuse") {
		o.fields = patched(o.fields, patch)
		o.version++
	}
	if !same {
		return problem(http.StatusPreconditionFailed, "the order has another entity tag")
	}
	if changed := patched(o.fields, patch); canonical(changed) != canonical(o.fields) && !s.fault.is("patch-lost") {
		o.fields = changed
		o.version++
	}
	return s.tagged(http.StatusOK, o)
}

// patched applies a merge patch. None of its members are objects. To remove
// one, which null does, leaves what an order has if nobody set it: null.
func patched(fields, patch map[string]any) map[string]any {
	out := maps.Clone(fields)
	maps.Copy(out, patch)
	return out
}

func (s *Server) deleteOrder(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, refused := s.order(r)
	if refused != nil {
		return *refused
	}
	if !s.fault.is("delete-nothing") {
		s.orders = slices.DeleteFunc(s.orders, func(other *order) bool { return other == o })
	}
	if s.fault.is("deleted-200") {
		return result(http.StatusOK, map[string]any{"deleted": true})
	}
	return empty(http.StatusNoContent)
}

func (s *Server) setGreeting(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, refused := s.order(r); refused != nil {
		return *refused
	}
	if !r.carries("text/plain") && !s.fault.is("greeting-any-media-type") {
		return problem(http.StatusUnsupportedMediaType, "send text/plain")
	}
	data, err := r.read()
	if err != nil || !utf8.Valid(data) {
		return problem(http.StatusBadRequest, "the body is no text in UTF-8 of up to 1 MiB")
	}
	var k checker
	s.rules.greeting(&k, "", string(data))
	if len(k.found) > 0 {
		return s.unfit(k.found)
	}
	switch s.fault {
	case "greeting-in-json":
		return result(http.StatusOK, string(data))
	case "greeting-empty":
		return text(http.StatusOK, "")
	case "greeting-of-no-charset":
		a := text(http.StatusOK, string(data))
		a.header.Set("Content-Type", "text/plain; charset=utf-9")
		return a
	}
	return text(http.StatusOK, string(data))
}
