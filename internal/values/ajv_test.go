package values

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// asked is one schema with values for Ajv, and what they are meant to be.
type asked struct {
	Schema json.RawMessage   `json:"schema"`
	Values []json.RawMessage `json:"values"`

	name  string
	right []bool
}

// TestAjvAgrees holds the streams to Ajv, a validator in another language.
// Run `npm install ajv` in some folder and name its node_modules in NODE_PATH.
func TestAjvAgrees(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node")
	}
	if exec.CommandContext(t.Context(), node, "-e", `require("ajv/dist/2020")`).Run() != nil {
		t.Skip("node does not find ajv: install it, and set NODE_PATH to the folder node_modules that has it")
	}
	var all []asked
	var input bytes.Buffer
	for _, row := range table() {
		// Formats are off, and it knows no directions and no discriminators.
		if row.alone && !strings.HasPrefix(row.name, "pattern") {
			continue
		}
		one := ask(t, row)
		line, err := json.Marshal(one)
		require.NoError(t, err)
		input.Write(append(line, '\n'))
		all = append(all, one)
	}
	require.NotEmpty(t, all)
	cmd := exec.CommandContext(t.Context(), node, "testdata/ajv.js")
	cmd.Stdin = &input
	out, err := cmd.Output()
	require.NoError(t, err)
	replies := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Len(t, replies, len(all))
	for i, one := range all {
		var got []bool
		require.NoError(t, json.Unmarshal([]byte(replies[i]), &got))
		for j, right := range one.right {
			require.Equal(t, right, got[j], "%s: %s", one.name, one.Values[j])
		}
	}
}

// ask collects the values of both streams.
func ask(t *testing.T, row row) asked {
	t.Helper()
	s := newSubject(t, row.version, row.schema, Options{})
	one := asked{Schema: standard(t, row.schema), name: row.name}
	for v := range s.Valid() {
		one.Values, one.right = append(one.Values, contract.Encode(v.JSON)), append(one.right, true)
	}
	for v := range s.Misses() {
		if !undecided(v) {
			one.Values, one.right = append(one.Values, contract.Encode(v.JSON)), append(one.right, false)
		}
	}
	return one
}
