package validate

import "encoding/json"

// settlement decides disputes that the majority would decide wrongly, or leave
// open: known mistakes of a library, found by comparing both on some 180
// documents of one operation. Each has a test that names the case.
type settlement struct {
	name string
	// library made the mistake; both did where it is empty.
	library string
	// stands tells that the objection is right; else it is dropped.
	stands  bool
	applies func(*dispute) bool
	why     string
}

// settlements is the whole table. Where several apply, the first counts. A test
// takes out each in turn, and some case must then come out otherwise.
func settlements() []settlement {
	return []settlement{
		{
			name: "null in OpenAPI 3.0", stands: true,
			applies: func(d *dispute) bool {
				c := class(d.claim.keyword)
				return d.facts.is30 && d.only(byStrict) && d.claim.value == nil && (c == "type" || c == "enum")
			},
			why: "nullable allows null only beside a type of the same schema, and an enum has to list null as well (3.0.3, Schema Object, and the clarification of nullable)",
		},
		{
			name: "null without a type in OpenAPI 3.0", library: Kin,
			applies: func(d *dispute) bool {
				if !d.facts.is30 || !d.only(byKin) || !d.against[byStrict] {
					return false
				}
				return d.claim.detail == "nullable" || d.claim.reach == branch && d.valueHas(isNull)
			},
			why: "a schema without a type allows any value, null too",
		},
		{
			name: "strict JSON", stands: true,
			applies: func(d *dispute) bool {
				switch d.claim.keyword {
				case ruleDuplicate, ruleUTF8, ruleSurrogate, ruleDepth:
					return d.by[byStrict]
				}
				return false
			},
			why: "both read JSON by encoding/json, which lets that pass",
		},
		{
			name: "numbers that float64 does not hold", stands: true,
			applies: func(d *dispute) bool { return d.only(byStrict) && d.claim.inexact },
			why:     "both calculate in float64, the strict layer exactly",
		},
		{
			name: "right numbers that float64 does not hold",
			applies: func(d *dispute) bool {
				return d.against[byStrict] && d.claim.place == PlaceBody && aboutNumbers(d.claim.keyword) && d.valueHas(isInexact)
			},
			why: "both calculate in float64, the strict layer exactly",
		},
		{
			name: "format byte", stands: true,
			applies: func(d *dispute) bool {
				return d.only(byStrict) && d.claim.keyword == "format" && d.claim.detail == "byte"
			},
			why: "kin-openapi knows its alphabet alone, libopenapi-validator does not know it",
		},
		{
			name: "literals", stands: true,
			applies: func(d *dispute) bool { return d.by[byStrict] && d.claim.keyword == ruleLiteral },
			why:     "both read parameters by strconv, which takes TRUE, 1 and t for booleans, and +1 for an integer",
		},
		{
			name: "bodies where HTTP has none", stands: true,
			applies: func(d *dispute) bool { return d.claim.keyword == ruleUnexpectedBody },
			why:     "it is a rule of HTTP (RFC 9110 §6.4.1), not of OpenAPI",
		},
		{
			name:    "bodies that are not declared",
			applies: func(d *dispute) bool { return d.claim.keyword == ruleUndeclaredBody },
			why:     "both are told to reject them so that the table sees it; OpenAPI does not forbid them",
		},
		{
			name: "optional bodies",
			applies: func(d *dispute) bool {
				return d.facts.lacksBody && (d.claim.place == PlaceMedia || d.claim.place == PlaceBody)
			},
			why: "x-conformance: {bodyOptional: true} is an extension that neither knows",
		},
		{
			name: "integers with an exponent or a fraction of zero", library: Kin,
			applies: func(d *dispute) bool {
				return d.only(byKin) && d.inParameter() && d.claim.reach == unread && d.against[byStrict]
			},
			why: "it reads integers by strconv.ParseInt; 1e2 and 1.0 are integers to JSON Schema",
		},
		{
			name: "texts of parameters", library: Lib,
			applies: func(d *dispute) bool {
				return d.only(byLib) && d.inParameter() && d.claim.reach == unread && d.against[byStrict]
			},
			why: "it wants a text to fit each type of a list, an item of an exploded list to have no comma, and has gaps in label, matrix and lists in headers",
		},
		{
			name: "escaped separators",
			applies: func(d *dispute) bool {
				return d.facts.separator && d.claim.place == PlaceQuery && d.against[byStrict]
			},
			why: "both unescape a query before they split a list; RFC 6570 §3.2.1 makes an escaped comma part of an item",
		},
		{
			name: "bodies that are no JSON",
			applies: func(d *dispute) bool {
				return !d.facts.isJSON && d.claim.place == PlaceBody && d.count() == 1 && d.against[byStrict]
			},
			why: "each has readings of its own for forms and text, such as a list of one that is none",
		},
		{
			name: "reserved characters", library: Lib,
			applies: func(d *dispute) bool { return d.only(byLib) && d.claim.keyword == "allowReserved" },
			why:     "allowReserved is for who writes a query; RFC 3986 §3.4 lets them stand in one",
		},
		{
			name: "headers that parameters do not describe",
			applies: func(d *dispute) bool {
				return !d.facts.response && ignoredHeader(d.claim.place, d.claim.pointer)
			},
			why: "parameters named Accept, Content-Type and Authorization shall be ignored (Parameter Object)",
		},
		{
			name: "writeOnly in OpenAPI 3.1", stands: true,
			applies: func(d *dispute) bool {
				return !d.facts.is30 && d.claim.keyword == "writeOnly" && d.by[byStrict]
			},
			why: "their engine for 3.1 does not know which way a body travels; such a value is never present in what is retrieved (JSON Schema 2020-12, validation, section 9.4)",
		},
		{
			name: "readOnly and required in OpenAPI 3.1", library: Kin,
			applies: func(d *dispute) bool {
				return !d.facts.is30 && d.only(byKin) && d.claim.keyword == "required" && d.claim.place == PlaceBody && d.against[byStrict]
			},
			why: "its engine for 3.1 does not know which way a body travels",
		},
	}
}

func (d *dispute) inParameter() bool {
	switch d.claim.place {
	case PlacePath, PlaceQuery, PlaceHeader, PlaceCookie:
		return true
	}
	return false
}

func aboutNumbers(keyword string) bool {
	switch keyword {
	case "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf", "format", "type", "enum", "const", "uniqueItems":
		return true
	}
	return false
}

// valueHas tells that the value at the claim's pointer is, or holds, one like
// that.
func (d *dispute) valueHas(like func(any) bool) bool {
	body, _ := readJSON(d.facts.body)
	v, ok := at(body, d.claim.pointer)
	return ok && inside(v, like)
}

func isInexact(v any) bool {
	n, ok := v.(json.Number)
	return ok && inexact(n)
}

func isNull(v any) bool { return v == nil }

// inside tells that v is, or holds, a value like that.
func inside(v any, like func(any) bool) bool {
	if like(v) {
		return true
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if inside(item, like) {
				return true
			}
		}
	case map[string]any:
		for _, member := range v {
			if inside(member, like) {
				return true
			}
		}
	}
	return false
}
