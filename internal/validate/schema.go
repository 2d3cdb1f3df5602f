package validate

import (
	"encoding/json"
	"math/big"
)

// kinds is a set of JSON types.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBoolean
	kindInteger
	kindNumber
	kindString
	kindArray
	kindObject
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

// schema is a compiled schema object or boolean schema. It does not change once
// it is compiled and may point to itself.
type schema struct {
	// pointer is where it stands in the document.
	pointer string
	// broken says why the schema cannot be applied, such as a reference to
	// nowhere; what it would demand is then not judged.
	broken string
	// never marks the boolean schema false; true is the empty schema.
	never bool

	ref *schema

	types    kinds
	typeName string // as the document has it, for messages
	nullable bool
	enum     map[string]bool // canonical values
	enumText string
	isConst  bool
	format   string

	maximum, exclusiveMaximum *bound
	minimum, exclusiveMinimum *bound
	multipleOf                *bound

	minLength, maxLength         *int
	minItems, maxItems           *int
	minProperties, maxProperties *int
	minContains, maxContains     *int
	pattern                      *pattern
	uniqueItems                  bool

	required          []string
	properties        map[string]*schema
	patternProperties []patternProperty
	additional        *schema
	propertyNames     *schema
	dependentRequired map[string][]string
	dependentSchemas  map[string]*schema
	prefixItems       []*schema
	items             *schema
	contains          *schema
	unevaluatedItems  *schema
	unevaluatedProps  *schema

	allOf, anyOf, oneOf []*schema
	not                 *schema
	when, then, other   *schema // if, then, else
	discriminator       *discriminator

	readOnly, writeOnly bool
}

type patternProperty struct {
	pattern *pattern
	schema  *schema
}

// bound is a number of the document, exact.
type bound struct {
	value *big.Rat
	text  json.Number
}

// discriminator picks the branch of a oneOf or anyOf by a member's value
// (OpenAPI 3.0.3, Discriminator Object).
type discriminator struct {
	property string
	// branches are indexes into the oneOf or anyOf, by the member's value.
	branches map[string]int
	// complete tells that every branch can be named, so that a value which
	// names none is wrong.
	complete bool
}

// resolved follows references to the schema that says something.
func (s *schema) resolved() *schema {
	for range maxDepth {
		if s.ref == nil {
			return s
		}
		s = s.ref
	}
	return s
}

// possible is the set of types that a value of the schema may have, as far as
// the schema says; 0 means that it does not say, as where there is no schema.
func (s *schema) possible() kinds { return s.possibleWithin(nil) }

func (s *schema) possibleWithin(seen []*schema) kinds {
	if s == nil {
		return 0
	}
	for _, other := range seen {
		if other == s {
			return 0
		}
	}
	seen = append(seen, s)
	if s.types != 0 {
		return s.types
	}
	var found kinds
	if s.ref != nil {
		found |= s.ref.possibleWithin(seen)
	}
	for _, list := range [][]*schema{s.allOf, s.anyOf, s.oneOf} {
		for _, sub := range list {
			found |= sub.possibleWithin(seen)
		}
	}
	return found
}

// member is the schema of an object's member, or of an array's item, as far as
// the schema, its references and its compositions have one.
func (s *schema) member(pick func(*schema) *schema) *schema { return s.memberWithin(pick, nil) }

func (s *schema) memberWithin(pick func(*schema) *schema, seen []*schema) *schema {
	if s == nil {
		return nil
	}
	for _, other := range seen {
		if other == s {
			return nil
		}
	}
	seen = append(seen, s)
	if found := pick(s); found != nil {
		return found
	}
	if s.ref != nil {
		if found := s.ref.memberWithin(pick, seen); found != nil {
			return found
		}
	}
	for _, list := range [][]*schema{s.allOf, s.anyOf, s.oneOf} {
		for _, sub := range list {
			if found := sub.memberWithin(pick, seen); found != nil {
				return found
			}
		}
	}
	return nil
}
