package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"
)

func streamRoot(t *testing.T) *jsonschema.Schema {
	t.Helper()
	root := new(jsonschema.Schema)
	require.NoError(t, json.Unmarshal(Schema(), root))
	return root
}

// validator judges one record.
func validator(t *testing.T) func(line []byte) error {
	t.Helper()
	resolved, err := streamRoot(t).Resolve(nil)
	require.NoError(t, err)
	return func(line []byte) error {
		var value any
		if err := json.Unmarshal(line, &value); err != nil {
			return err
		}
		return resolved.Validate(value)
	}
}

// Every record that is written is one of the schema.
func TestRecordsAreOfTheSchema(t *testing.T) {
	t.Parallel()
	valid := validator(t)
	for _, o := range []Options{{}, {Verbose: true}} {
		lines := bytes.Split(bytes.TrimSpace(render(t, "jsonl", o)), []byte("\n"))
		require.Greater(t, len(lines), 10)
		for _, line := range lines {
			require.NoError(t, valid(line), "%s", line)
		}
	}
}

// The schema refuses what is no record, and allows what may come later.
func TestSchemaDecides(t *testing.T) {
	t.Parallel()
	valid := validator(t)
	for text, right := range map[string]bool{
		`{"type":"verdict","id":"a/b/c","verdict":"kept","findings":[]}`:                                                                                         true,
		`{"type":"verdict","id":"a/b/c","verdict":"kept","findings":[],"later":{"x":1}}`:                                                                         true,
		`{"type":"verdict","id":"a/b/c","verdict":"passed","findings":[]}`:                                                                                       false,
		`{"type":"verdict","id":"a/b/c","verdict":"kept"}`:                                                                                                       false,
		`{"type":"verdict","id":"a/b/c","verdict":"broken","findings":[{"check":"body"}]}`:                                                                       false,
		`{"type":"statement","id":"S1","state":"kept","cases":2,"evidence":"recorded","promise":"p"}`:                                                            true,
		`{"type":"statement","id":"S1","state":"kept","cases":-1,"evidence":"recorded","promise":"p"}`:                                                           false,
		`{"type":"footer","counts":{"kept":1,"broken":0,"warned":0,"unsent":0,"skipped":0},"exit":0,"millis":1,"left":[{"method":"DELETE","url":"http://x/1"}]}`: true,
		`{"type":"footer","counts":{"kept":1,"broken":0,"warned":0,"unsent":0,"skipped":0},"exit":9,"millis":1}`:                                                 false,
		`{"type":"footer","exit":0}`:                  false,
		`{"type":"coverage","criteria":[]}`:           true,
		`{"type":"something-later","anything":[1,2]}`: true,
		`{"id":"a/b/c"}`:                              false,
		`[]`:                                          false,
	} {
		require.Equal(t, right, valid([]byte(text)) == nil, text)
	}
}

// Every field that a record can have is in the schema, with the same type of
// value, so that a field is not added without its description.
func TestSchemaHasEveryField(t *testing.T) {
	t.Parallel()
	root := streamRoot(t)
	for name, record := range map[string]any{
		typeHeader: Header{}, typeVerdict: Verdict{}, typeStatement: Statement{}, typeCoverage: Coverage{}, typeFooter: Footer{},
	} {
		covers(t, root, root.Defs[name], reflect.TypeOf(record), name)
	}
}

// covers compares a Go type with the schema of its JSON.
func covers(t *testing.T, root, s *jsonschema.Schema, typ reflect.Type, place string) {
	t.Helper()
	require.NotNil(t, s, "the schema lacks %s", place)
	if name, is := strings.CutPrefix(s.Ref, "#/$defs/"); is {
		covers(t, root, root.Defs[name], typ, place)
		return
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case typ == reflect.TypeFor[time.Time]():
		require.Equal(t, "date-time", s.Format, place)
	case typ.Kind() == reflect.Slice:
		require.Equal(t, "array", s.Type, place)
		covers(t, root, s.Items, typ.Elem(), place+"[]")
	case typ.Kind() == reflect.Struct:
		for field := range fields(typ) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			require.NotEmpty(t, name, "%s.%s has no name in JSON", place, field.Name)
			covers(t, root, s.Properties[name], field.Type, place+"."+name)
		}
	default:
		require.Contains(t, append([]string{s.Type}, typeOf(s)), jsonType(typ.Kind()), place)
	}
}

// fields are the fields of a struct as encoding/json sees them: those of an
// embedded one are its own.
func fields(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(typ) {
			shadowed, _ := typ.FieldByName(f.Name)
			if !f.Anonymous && len(shadowed.Index) == len(f.Index) && !yield(f) {
				return
			}
		}
	}
}

// typeOf is the type of the values that an enum or const has.
func typeOf(s *jsonschema.Schema) string {
	values := s.Enum
	if s.Const != nil {
		values = []any{*s.Const}
	}
	if len(values) == 0 {
		return ""
	}
	if _, text := values[0].(string); text {
		return "string"
	}
	return "integer"
}

func jsonType(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Map:
		return "object"
	case reflect.Float64:
		return "number"
	default:
		return "integer"
	}
}
