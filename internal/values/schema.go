package values

import (
	"math/big"
	"strconv"

	"github.com/atlas-contract/conformance/internal/spec"
)

// kinds is a set of JSON types.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBoolean
	kindInteger // numbers without a fraction
	kindFraction
	kindString
	kindArray
	kindObject

	kindNumber = kindInteger | kindFraction
	kindAny    = kindNull | kindBoolean | kindNumber | kindString | kindArray | kindObject
)

func kindOf(name string) kinds {
	switch name {
	case "null":
		return kindNull
	case "boolean":
		return kindBoolean
	case "integer":
		return kindInteger
	case "number":
		return kindNumber
	case "string":
		return kindString
	case "array":
		return kindArray
	case "object":
		return kindObject
	}
	return 0
}

// schema is one schema object or boolean schema. It does not change once it is
// compiled, and may lead back to itself.
type schema struct {
	node  spec.Node
	never bool // the boolean schema false
	ref   *schema

	types    kinds // 0 where none is named
	nullable bool
	enum     []any
	hasEnum  bool
	constant bool // the enum is a const
	format   string

	maximum, minimum, above, below, multipleOf *big.Rat // above and below are the exclusive bounds

	minLength, maxLength         *int
	minItems, maxItems           *int
	minProperties, maxProperties *int
	minContains, maxContains     *int
	pattern                      *pattern
	unique                       bool

	required          []string
	properties        []property
	index             map[string]*schema
	patternProperties []patternProperty
	additional        *schema
	names             *schema
	dependentRequired []dependents
	dependentSchemas  []property
	prefix            []*schema
	items             *schema
	contains          *schema
	unevaluatedItems  *schema
	unevaluatedProps  *schema

	allOf, anyOf, oneOf []*schema
	not                 *schema
	when, then, other   *schema // if, then, else
	unless              *schema // what is not as if says
	discriminator       *discriminator

	readOnly, writeOnly bool
	examples            []any // example, examples and default
}

type property struct {
	name   string
	schema *schema
}

type patternProperty struct {
	pattern *pattern
	schema  *schema
}

// dependents are the members that have to be there beside another.
type dependents struct {
	name  string
	needs []string
}

// discriminator names the branches of a oneOf or anyOf by a member's value
// (OpenAPI 3.0.3, Discriminator Object).
type discriminator struct {
	property string
	// tags are the values that name each branch, the mapping's first.
	tags [][]string
	// complete tells that every branch has a name and every name a branch, so
	// that any other value is wrong.
	complete bool
}

// branch is the branch that a value names, -1 for none.
func (d *discriminator) branch(tag string) int {
	for i, tags := range d.tags {
		for _, t := range tags {
			if t == tag {
				return i
			}
		}
	}
	return -1
}

// oneWay tells that a member with the schema does not travel in a direction.
func (s *schema) oneWay(response bool) bool {
	target := s
	for range 50 {
		if target.ref == nil {
			break
		}
		target = target.ref
	}
	if response {
		return s.writeOnly || target.writeOnly
	}
	return s.readOnly || target.readOnly
}

func itoa(n int) string { return strconv.Itoa(n) }
