package config

import (
	"strings"
	"testing"
)

// FuzzParse: a configuration is read or refused in one line that says where,
// and shows no key.
func FuzzParse(f *testing.F) {
	f.Add("target: http://x\nlimits: { rate: 1/s, creates: 1, deadline: 1m }")
	f.Add("credentials: { owner: { user: u, key: \"${OWNER_KEY}\" } }\nvalues: { a: [b, c], d: e }")
	f.Add("spec: a.yaml\noverlays: [b]\nparams: &p { a: b }\ncredentials: { x: { key: k, params: *p } }")
	f.Add("a: &a [*a]")
	f.Add("? {}\n: []")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("c.yaml", []byte(text), func(string) (string, bool) { return "hidden-from-errors", true })
		if (c == nil) == (err == nil) {
			t.Fatalf("neither read nor refused: %v, %v", c, err)
		}
		if err == nil {
			return
		}
		if strings.Contains(err.Error(), "hidden-from-errors") {
			t.Fatalf("a value of the environment is shown: %v", err)
		}
		if !strings.HasPrefix(err.Error(), "read c.yaml: ") {
			t.Fatalf("the error does not say where: %v", err)
		}
	})
}
