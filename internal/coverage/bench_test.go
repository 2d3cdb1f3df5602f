package coverage

import (
	"testing"

	"github.com/atlas-contract/conformance/contract"
)

// Coverage is to cost little beside the validators, which read each reply too.
func BenchmarkAdd(b *testing.B) {
	c := New(pets(b))
	list := answered(sent("list", "GET", "/pets?limit=3&deep=true", ""), 200, "application/json",
		`[{"id":1,"kind":"cat","name":"abc","tags":["a"],"more":{"a":true}},{"id":2,"kind":"dog","name":null,"tags":[],"parent":{"id":3,"kind":"cat"}}]`)
	create := answered(sent("create", "POST", "/pets", `{"kind":"cat","name":"abc","tags":["a","b"]}`), 201, "application/json", `{"id":7,"kind":"cat","name":"abc"}`)
	v := &contract.Verdict{Case: &contract.Case{}, Outcome: contract.Kept, Exchanges: []*contract.Exchange{create, list}}
	b.ReportAllocs()
	for b.Loop() {
		c.Add(v)
	}
}
