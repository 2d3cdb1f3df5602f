package checks

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/validate"
)

var undocumented = Check{
	Name: "undocumented-request",
	Doc:  "A recorded request that the server accepted names only values that the contract lists; where it names another, the contract is behind the server, and says nothing about the reply.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			for _, p := range v.Unknown {
				s.Find(v, contract.Finding{
					Message: "the server accepted a value that the contract does not list: " + p.Message,
					Place:   p.Place, Pointer: p.Pointer, Expected: s.wanted(v, p), Got: v.sent(p),
				}, v.requestStatements(p.Place, p.Pointer)...)
			}
		}
	},
}

// sent shows what the request has at a problem's place.
func (v *View) sent(p validate.Problem) string {
	if p.Place != validate.PlaceBody {
		return v.Params[p.Pointer]
	}
	body, _ := contract.Decode(v.Request.Body)
	value, _ := contract.At(body, p.Pointer)
	return contract.Show(value)
}

// requestStatements are those that the contract cites for a place of the
// request.
func (v *View) requestStatements(place, pointer string) []string {
	if place == validate.PlaceBody {
		return v.sentStatements(pointer)
	}
	name, _, _ := strings.Cut(pointer, "/")
	for _, p := range v.Operation.Parameters {
		if p.In == place && p.Name == name {
			return p.Node.Ext().Get("statements").Strings()
		}
	}
	return nil
}

func (v *View) sentStatements(pointer string) []string {
	if v.Operation.Body == nil {
		return nil
	}
	body, _ := contract.Decode(v.Request.Body)
	var out []string
	for _, m := range v.Operation.Body.Media {
		out = append(out, cited(m.Schema, tokens(pointer), body)...)
	}
	return out
}
