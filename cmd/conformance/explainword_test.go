package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each label and heading of the text report can be explained.
func TestEveryWordOfTheReportIsExplained(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, e := range fixedWords() {
		require.False(t, known[e.word], "%s is explained twice", e.word)
		require.NotEmpty(t, e.lines, e.word)
		known[e.word] = true
	}
	labels := regexp.MustCompile(`(?m)^ *(?:\d+ )?([a-z]+)(?:  |: | as | on the |, each|$)`)
	text, err := os.ReadFile("../../internal/report/testdata/text.golden")
	require.NoError(t, err)
	found := 0
	for _, m := range labels.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "body" || m[1] == "status" { // checks
			continue
		}
		require.True(t, known[m[1]], "nothing explains %q in %q", m[1], m[0])
		found++
	}
	require.Greater(t, found, 20)
	for _, word := range []string{"unseen", "level", "causes", "again", "coverage", "sent", "came", "promise"} {
		require.True(t, known[word], word)
	}
}
