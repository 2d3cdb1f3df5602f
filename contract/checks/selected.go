package checks

import (
	"encoding/json"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

var selected = Check{
	Name: "selected-schema",
	Doc:  "Where a value of the request decides which schema the reply has, the reply satisfies that one, not merely another alternative (x-conformance, selects).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Operation == nil || v.Operation.Selects == nil || !v.Success() || !v.IsJSON || len(v.Unknown) > 0 {
				continue
			}
			by, ok := contract.Eval(v.Operation.Selects.By, v.Exchange)
			value, text := contract.Text(by)
			schema, known := v.Operation.Selects.Schemas[value]
			if !ok || !text || !known {
				continue
			}
			s.Tested(v.Operation.Selects.Statements...)
			judgeSelected(s, v, schema, value)
		}
	},
}

func judgeSelected(s *Subject, v *View, schema spec.Node, value string) {
	validator, err := v.validator()
	if err != nil {
		return
	}
	for pointer, item := range v.subjects(v.Operation.Selects.Items) {
		text, err := json.Marshal(item)
		if err != nil {
			continue
		}
		for _, p := range validator.Value(schema.Pointer(), text).Problems {
			if v.foundByBody(pointer+p.Pointer, p.Keyword) {
				continue
			}
			f := s.finding(v, p)
			f.Place, f.Pointer = "body", pointer+p.Pointer
			if got, ok := contract.At(item, p.Pointer); ok {
				f.Got = contract.Show(got)
			}
			f.Message += " (the request says " + value + ")"
			s.Find(v, f, slices.Concat(s.demanding(v, p), cited(schema, tokens(p.Pointer), item), v.Operation.Selects.Statements)...)
		}
	}
}

// foundByBody tells that the check of the body reports the same.
func (v *View) foundByBody(pointer, keyword string) bool {
	return slices.ContainsFunc(v.Result.Problems, func(p validate.Problem) bool {
		return p.Place == validate.PlaceBody && p.Pointer == pointer && p.Keyword == keyword
	})
}

// subjects yields the body without its envelope, or each item of it, with its
// pointer.
func (v *View) subjects(items bool) func(func(string, any) bool) {
	return func(yield func(string, any) bool) {
		list, ok := v.Inner.([]any)
		if !items || !ok {
			if !items {
				yield(v.Prefix, v.Inner)
			}
			return
		}
		for i, item := range list {
			if !yield(v.Prefix+"/"+itoa(i), item) {
				return
			}
		}
	}
}
