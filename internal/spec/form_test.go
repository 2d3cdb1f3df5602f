package spec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFormsOfAValue(t *testing.T) {
	t.Parallel()
	c := &Contract{forms: map[string]map[string]int{}}
	c.addForms(&Known{Values: map[string][][]string{
		"a": {{"one", "ONE"}, {"alone"}},
		"b": {{"ONE", "uno"}},
	}})
	for _, test := range []struct {
		a, b any
		form int
		want bool
	}{
		{"one", "ONE", 2, true},
		{"one", "one", 2, false},
		{"one", "one", 1, true},
		{"ONE", "ONE", 2, true},
		{"ONE", "uno", 2, true},
		{"ONE", "ONE", 1, true}, // it is the first form of another
		{"alone", "alone", 2, true},
		{"unknown", "unknown", 2, true},
		{7, 7, 2, true},
	} {
		require.Equal(t, test.want, c.IsForm(test.a, test.b, test.form), test)
	}
}
