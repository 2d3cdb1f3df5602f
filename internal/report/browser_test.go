package report

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browsers are the names that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// chromium loads a page and returns its document and what it said on its
// console.
func chromium(t *testing.T, page string) (dom, console string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser, which takes long")
	}
	for _, name := range browsers {
		bin, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		file := filepath.Join(t.TempDir(), "page.html")
		require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
		var out, errs bytes.Buffer
		cmd := exec.CommandContext(ctx, bin, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
			"--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--virtual-time-budget=4000", "--dump-dom", "file://"+file)
		cmd.Stdout, cmd.Stderr = &out, &errs
		require.NoError(t, cmd.Run(), "%s", errs.String())
		for line := range strings.Lines(errs.String()) {
			if strings.Contains(line, "CONSOLE") {
				console += line
			}
		}
		return out.String(), console
	}
	t.Skipf("needs a browser: none of %s is installed", strings.Join(browsers, ", "))
	return "", ""
}

// A page opens without an error, its filter works, and no text of the target
// has become an element of it.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	plain, said := chromium(t, infested(t, "html", "plain"))
	require.Empty(t, said)
	require.Contains(t, plain, "10 of 10 shown")
	for _, text := range []string{strings.Join(hostile, " "), `" onmouseover="alert(1)`} {
		dom, said := chromium(t, infested(t, "html", text))
		require.Empty(t, said)
		require.Contains(t, dom, "10 of 10 shown", "the script of the page has not run")
		require.Equal(t, tags(plain), tags(dom))
	}
}

// The page says the same where no script runs.
func TestPageNeedsNoScript(t *testing.T) {
	t.Parallel()
	page := string(render(t, "html", Options{}))
	before, _, found := strings.Cut(page, "<script>")
	require.True(t, found)
	require.NotContains(t, page, "<noscript>")
	for _, text := range []string{"createPet/example/cat", "the value is none of those allowed", "Nobody tests this.", "connection refused"} {
		require.Contains(t, before, text)
	}
	dom, said := chromium(t, strings.ReplaceAll(page, "script-src 'unsafe-inline'", "script-src 'none'"))
	require.NotContains(t, dom, "of 6 shown", "a script has run")
	require.Contains(t, dom, "createPet/example/cat")
	require.Contains(t, said, "Content Security Policy", "the browser is the one that minds the policy")
}
