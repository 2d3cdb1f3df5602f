package values

const v30, v31 = "3.0.3", "3.1.0"

// row is a schema with the keywords that its near misses have to break, as
// "keyword pointer", and those that its right values have to explore.
type row struct {
	name, version, schema string
	breaks, explores      []string
	// alone tells that only internal/validate can judge it: jsonschema-go has
	// no formats, no directions and no discriminators.
	alone bool
}

// table has each keyword of OpenAPI 3.0 and of JSON Schema 2020-12 that
// constrains a value.
func table() []row {
	return append(append(scalarRows(), objectRows()...), otherRows()...)
}

func list(items ...string) []string { return items }

func scalarRows() []row {
	return []row{
		{name: "type string", version: v30, schema: `{"type":"string"}`, breaks: list("type "), explores: list("type")},
		{name: "type integer", version: v30, schema: `{"type":"integer"}`, breaks: list("type "), explores: list("type")},
		{name: "type number", version: v31, schema: `{"type":"number"}`, breaks: list("type "), explores: list("type")},
		{name: "type boolean", version: v30, schema: `{"type":"boolean"}`, breaks: list("type "), explores: list("type")},
		{name: "type array", version: v31, schema: `{"type":"array"}`, breaks: list("type "), explores: list("type")},
		{name: "type object", version: v31, schema: `{"type":"object"}`, breaks: list("type "), explores: list("required")},
		{name: "type null", version: v31, schema: `{"type":"null"}`, breaks: list("type "), explores: list("nullable")},
		{name: "type list", version: v31, schema: `{"type":["string","null","integer"]}`, breaks: list("type "), explores: list("type", "nullable")},
		{name: "nullable", version: v30, schema: `{"type":"string","nullable":true}`, breaks: list("type "), explores: list("nullable")},
		{name: "enum", version: v30, schema: `{"type":"string","enum":["A","B"]}`, breaks: list("enum ", "type "), explores: list("enum")},
		{name: "enum of many types", version: v31, schema: `{"enum":["A",1,null,{"a":1}]}`, breaks: list("enum "), explores: list("enum")},
		{name: "const", version: v31, schema: `{"const":"x"}`, breaks: list("const "), explores: list("const")},
		{name: "minLength", version: v30, schema: `{"type":"string","minLength":3}`, breaks: list("minLength "), explores: list("minLength")},
		{name: "maxLength", version: v30, schema: `{"type":"string","maxLength":5}`, breaks: list("maxLength "), explores: list("maxLength")},
		{name: "both lengths", version: v31, schema: `{"type":"string","minLength":3,"maxLength":3}`, breaks: list("minLength ", "maxLength "), explores: list("minLength")},
		{name: "pattern", version: v30, schema: `{"type":"string","pattern":"^[a-f0-9]{24}$"}`, breaks: list("pattern "), explores: list("pattern")},
		{name: "pattern and length", version: v31, schema: `{"type":"string","pattern":"^[a-z]+(-[a-z]+)*$","minLength":4,"maxLength":9}`, breaks: list("pattern ", "minLength ", "maxLength "), explores: list("pattern", "minLength", "maxLength")},
		{name: "pattern ahead", version: v30, schema: `{"type":"string","pattern":"^(?!bad)[a-z]{3,5}$"}`, breaks: list("pattern "), explores: list("pattern"), alone: true},
		{name: "pattern password", version: v31, schema: `{"type":"string","pattern":"^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d]{8,}$"}`, breaks: list("pattern "), explores: list("pattern"), alone: true},
		{name: "pattern of many", version: v30, schema: `{"type":"string","pattern":"^[a-z]{2,4096}$"}`, breaks: list("pattern "), explores: list("pattern"), alone: true},
		{name: "pattern loose", version: v31, schema: `{"type":"string","pattern":"b{2}","minLength":6}`, breaks: list("pattern ", "minLength "), explores: list("pattern")},
		{name: "format date", version: v30, schema: `{"type":"string","format":"date"}`, breaks: list("format ", "type "), explores: list("format"), alone: true},
		{name: "format date-time", version: v30, schema: `{"type":"string","format":"date-time"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format time", version: v31, schema: `{"type":"string","format":"time"}`, breaks: list("type "), explores: list("format"), alone: true},
		{name: "format duration", version: v31, schema: `{"type":"string","format":"duration"}`, breaks: list("type "), explores: list("format"), alone: true},
		{name: "format uuid", version: v30, schema: `{"type":"string","format":"uuid"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format email", version: v31, schema: `{"type":"string","format":"email","maxLength":20}`, breaks: list("format ", "maxLength "), explores: list("format", "maxLength"), alone: true},
		{name: "format hostname", version: v31, schema: `{"type":"string","format":"hostname"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format ipv4", version: v31, schema: `{"type":"string","format":"ipv4"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format ipv6", version: v31, schema: `{"type":"string","format":"ipv6"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format uri", version: v31, schema: `{"type":"string","format":"uri","minLength":15}`, breaks: list("format ", "minLength "), explores: list("format"), alone: true},
		{name: "format uri-reference", version: v31, schema: `{"type":"string","format":"uri-reference"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format byte", version: v30, schema: `{"type":"string","format":"byte"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format int32", version: v30, schema: `{"type":"integer","format":"int32"}`, breaks: list("format ", "type "), explores: list("format"), alone: true},
		{name: "format int64", version: v31, schema: `{"type":"integer","format":"int64"}`, breaks: list("format "), explores: list("format"), alone: true},
		{name: "format float", version: v30, schema: `{"type":"number","format":"float"}`, breaks: list("type "), explores: list("type"), alone: true},
		{name: "format double", version: v30, schema: `{"type":"number","format":"double"}`, breaks: list("type "), explores: list("type"), alone: true},
		{name: "minimum", version: v30, schema: `{"type":"integer","minimum":3}`, breaks: list("minimum "), explores: list("minimum")},
		{name: "maximum", version: v30, schema: `{"type":"number","maximum":3.5}`, breaks: list("maximum "), explores: list("maximum")},
		{name: "exclusive in 3.0", version: v30, schema: `{"type":"integer","minimum":3,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":true}`, breaks: list("exclusiveMinimum ", "exclusiveMaximum "), explores: list("exclusiveMinimum", "exclusiveMaximum")},
		{name: "exclusiveMinimum", version: v31, schema: `{"type":"number","exclusiveMinimum":0}`, breaks: list("exclusiveMinimum "), explores: list("exclusiveMinimum")},
		{name: "exclusiveMaximum", version: v31, schema: `{"type":"integer","exclusiveMaximum":1}`, breaks: list("exclusiveMaximum "), explores: list("exclusiveMaximum")},
		{name: "multipleOf", version: v30, schema: `{"type":"integer","multipleOf":5,"minimum":3,"maximum":21}`, breaks: list("multipleOf "), explores: list("multipleOf", "minimum", "maximum")},
		{name: "multipleOf fraction", version: v31, schema: `{"type":"number","multipleOf":0.25,"minimum":0}`, breaks: list("multipleOf ", "minimum "), explores: list("multipleOf")},
	}
}

func objectRows() []row {
	return []row{
		{name: "required", version: v30, schema: `{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"integer"}}}`, breaks: list("required /a", "type /a", "type /b", "type "), explores: list("required", "properties")},
		{name: "required undeclared", version: v31, schema: `{"type":"object","required":["z"],"properties":{"a":{"type":"string"}}}`, breaks: list("required /z"), explores: list("required")},
		{name: "additionalProperties false", version: v30, schema: `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`, breaks: list("additionalProperties /notDeclared"), explores: list("properties")},
		{name: "additionalProperties schema", version: v30, schema: `{"type":"object","additionalProperties":{"type":"integer","minimum":2}}`, breaks: list("type /other", "minimum /other"), explores: list("minimum")},
		{name: "minProperties", version: v30, schema: `{"type":"object","minProperties":2,"properties":{"a":{"type":"string"},"b":{"type":"string"}}}`, breaks: list("minProperties "), explores: list("minProperties")},
		{name: "maxProperties", version: v30, schema: `{"type":"object","maxProperties":2,"properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}}}`, breaks: list("maxProperties "), explores: list("maxProperties")},
		{name: "minProperties of a map", version: v31, schema: `{"type":"object","minProperties":3,"maxProperties":4,"additionalProperties":{"type":"boolean"}}`, breaks: list("minProperties ", "maxProperties "), explores: list("minProperties", "maxProperties")},
		{name: "patternProperties", version: v31, schema: `{"type":"object","patternProperties":{"^x-[a-z]+$":{"type":"integer"}},"additionalProperties":false}`, breaks: list("type /x-a", "additionalProperties /notDeclared"), explores: list("type")},
		{name: "propertyNames", version: v31, schema: `{"type":"object","propertyNames":{"pattern":"^[a-z]+$","maxLength":8},"minProperties":1}`, breaks: list("propertyNames "), explores: list("minProperties")},
		{name: "dependentRequired", version: v31, schema: `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"dependentRequired":{"a":["b"]}}`, breaks: list("dependentRequired /b"), explores: list("properties")},
		{name: "dependentSchemas", version: v31, schema: `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"dependentSchemas":{"a":{"required":["b"],"properties":{"b":{"minimum":7}}}}}`, breaks: list("required /b", "minimum /b"), explores: list("properties")},
		{name: "unevaluatedProperties", version: v31, schema: `{"type":"object","allOf":[{"properties":{"a":{"type":"string"}}}],"properties":{"b":{"type":"string"}},"unevaluatedProperties":false}`, breaks: list("unevaluatedProperties /notDeclared"), explores: list("properties")},
		{name: "unevaluatedProperties schema", version: v31, schema: `{"type":"object","properties":{"b":{"type":"string"}},"unevaluatedProperties":{"type":"integer"}}`, breaks: list("type /other"), explores: list("properties")},
		{name: "property false", version: v31, schema: `{"type":"object","properties":{"a":{"type":"string"},"b":false}}`, breaks: list("false /b"), explores: list("properties")},
		{name: "readOnly", version: v30, schema: `{"type":"object","required":["id","a"],"properties":{"id":{"type":"string","readOnly":true},"a":{"type":"string"}}}`, breaks: list("required /a"), explores: list("required"), alone: true},
		{name: "nested", version: v30, schema: `{"type":"object","required":["a"],"properties":{"a":{"type":"object","required":["b"],"properties":{"b":{"type":"array","minItems":1,"items":{"type":"integer","minimum":1}},"c":{"type":"object","properties":{"d":{"type":"string","maxLength":3}}}}}}}`, breaks: list("minimum /a/b/0", "required /a/b", "minItems /a/b", "maxLength /a/c/d", "type /a/c"), explores: list("maxLength")},
		{name: "recursive", version: v30, schema: `{"$ref":"#/components/schemas/Tree"}`, breaks: list("required /name", "required /children/0/name", "type /children"), explores: list("required")},
	}
}

func otherRows() []row {
	return []row{
		{name: "minItems", version: v30, schema: `{"type":"array","minItems":2,"items":{"type":"string"}}`, breaks: list("minItems ", "type /0"), explores: list("minItems")},
		{name: "maxItems", version: v30, schema: `{"type":"array","maxItems":2,"items":{"type":"string"}}`, breaks: list("maxItems ", "type /0"), explores: list("maxItems")},
		{name: "uniqueItems", version: v30, schema: `{"type":"array","uniqueItems":true,"items":{"type":"integer"}}`, breaks: list("uniqueItems "), explores: list("uniqueItems")},
		{name: "unique objects", version: v31, schema: `{"type":"array","uniqueItems":true,"minItems":3,"items":{"$ref":"#/components/schemas/Named"}}`, breaks: list("uniqueItems ", "minItems "), explores: list("minItems")},
		{name: "items", version: v31, schema: `{"type":"array","items":{"type":"array","items":{"type":"boolean"}}}`, breaks: list("type /0", "type /0/0"), explores: list("type")},
		{name: "prefixItems", version: v31, schema: `{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":1}`, breaks: list("type /0", "type /1", "items /2", "minItems "), explores: list("prefixItems")},
		{name: "contains", version: v31, schema: `{"type":"array","contains":{"type":"integer"}}`, breaks: list("contains "), explores: list("contains")},
		{name: "minContains", version: v31, schema: `{"type":"array","items":{"type":"integer"},"contains":{"type":"integer","minimum":5},"minContains":2,"maxContains":3}`, breaks: list("contains ", "minContains ", "maxContains "), explores: list("minContains", "maxContains")},
		{name: "unevaluatedItems", version: v31, schema: `{"type":"array","prefixItems":[{"type":"string"}],"unevaluatedItems":false}`, breaks: list("unevaluatedItems /1"), explores: list("prefixItems")},
		{name: "allOf", version: v30, schema: `{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}},{"type":"object","required":["b"],"properties":{"b":{"type":"integer"}}}]}`, breaks: list("required /a", "required /b", "type /b"), explores: list("required")},
		{name: "allOf bounds", version: v31, schema: `{"type":"integer","minimum":1,"allOf":[{"maximum":9},{"multipleOf":2}]}`, breaks: list("minimum ", "maximum ", "multipleOf "), explores: list("minimum", "maximum")},
		{name: "oneOf", version: v31, schema: `{"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}]}`, breaks: list("required /lives", "type /barks", "type /lives", "oneOf "), explores: list("oneOf")},
		{name: "oneOf scalars", version: v31, schema: `{"oneOf":[{"type":"integer","multipleOf":3},{"type":"integer","multipleOf":5}]}`, breaks: list("oneOf ", "multipleOf "), explores: list("oneOf")},
		{name: "anyOf", version: v31, schema: `{"anyOf":[{"type":"string","maxLength":2},{"type":"integer","minimum":4}]}`, breaks: list("maxLength ", "minimum ", "type "), explores: list("anyOf")},
		{name: "not", version: v31, schema: `{"type":"string","not":{"const":"bad"}}`, breaks: list("not "), explores: list("type")},
		{name: "not type", version: v31, schema: `{"not":{"type":"string"}}`, breaks: list("not "), explores: list("type")},
		{name: "not required", version: v31, schema: `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"not":{"required":["a","b"]}}`, breaks: list("not "), explores: list("properties")},
		{name: "if then else", version: v31, schema: `{"type":"object","required":["kind"],"properties":{"kind":{"enum":["a","b"]},"x":{"type":"integer"},"y":{"type":"integer"}},"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},"else":{"required":["y"]}}`, breaks: list("required /x", "required /y"), explores: list("if", "enum")},
		{name: "if then", version: v31, schema: `{"type":"integer","if":{"minimum":10},"then":{"multipleOf":10}}`, breaks: list("multipleOf "), explores: list("if")},
		{name: "discriminator", version: v30, schema: `{"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}],"discriminator":{"propertyName":"kind"}}`, breaks: list("required /lives", "required /barks"), explores: list("oneOf"), alone: true},
		{name: "discriminator mapping", version: v30, schema: `{"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}],"discriminator":{"propertyName":"kind","mapping":{"cat":"#/components/schemas/Cat","dog":"Dog"}}}`, breaks: list("required /lives", "required /barks"), explores: list("oneOf"), alone: true},
		{name: "ref with siblings", version: v31, schema: `{"$ref":"#/components/schemas/Named","properties":{"name":{"maxLength":4}},"required":["more"]}`, breaks: list("maxLength /name", "required /more", "minLength /name"), explores: list("maxLength")},
	}
}
