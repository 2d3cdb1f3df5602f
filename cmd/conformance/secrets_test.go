package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/report"
)

// hushed is a key with something to escape in it.
const hushed = `hush/"key"+4711&é`

// disguises are the forms in which a target may send a secret back.
func disguises(secret string) map[string]string {
	escaped, _ := json.Marshal(secret)
	var units, percent strings.Builder
	for _, r := range secret {
		fmt.Fprintf(&units, `\u%04x`, r)
	}
	for _, b := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", b)
	}
	return map[string]string{
		"plain": secret, "JSON": strings.Trim(string(escaped), `"`), "units": units.String(), "percent": percent.String(),
		"query": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"hex": hex.EncodeToString([]byte(secret)), "capitals": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "raw": base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"pair": base64.StdEncoding.EncodeToString([]byte(testUser + ":" + secret)),
		"one":  base64.StdEncoding.EncodeToString([]byte("x" + secret + "yz")), "two": base64.URLEncoding.EncodeToString([]byte("xy" + secret)),
	}
}

// telltale sends back what it knows and what it is sent, everywhere.
func telltale(secret string) http.Handler {
	var n atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth := r.Header.Get("Authorization")
		if auth == "" {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth"`, n.Add(1)))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("X-Auth", auth)
		w.Header().Set("Authentication-Info", `qop=auth, rspauth="6629fae49393a05397450978507c4ef1", cnonce="c"`)
		w.Header().Set("Location", "/api/rooms/"+url.PathEscape(secret)+"?key="+url.QueryEscape(secret))
		w.Header().Set("Content-Type", "application/json")
		body := map[string]any{"auth": auth, "info": `rspauth="6629fae49393a05397450978507c4ef1"`}
		var raw []string
		for name, form := range disguises(secret) {
			if !strings.ContainsAny(form, "\r\n") {
				w.Header().Set("X-"+name, form)
			}
			body[name] = form
			body[form] = name
			raw = append(raw, form)
		}
		if n.Add(1)%2 == 0 {
			w.WriteHeader(http.StatusOK)
			io.WriteString(w, strings.Join(raw, "\n")+auth) // no JSON
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		json.NewEncoder(w).Encode(body)
	})
}

func TestNoOutputHoldsASecret(t *testing.T) {
	t.Parallel()
	s := servedRoot(t, telltale(hushed))
	document, key, folder := written(t, "rooms.yaml", rooms), written(t, "key", hushed), t.TempDir()
	var reports []string
	for _, format := range report.Formats() {
		for _, ending := range format.Endings {
			reports = append(reports, filepath.Join(folder, "report"+ending))
		}
	}
	require.Greater(t, len(reports), 5)
	for _, loud := range [][]string{{"--verbose"}, {"--quiet"}, {"--format", "jsonl", "--verbose"}} {
		args := append([]string{"run", s + "/api", "--spec", document, "--user", testUser, "--key-file", key, "--param", "id=r1"}, loud...)
		for _, name := range reports {
			args = append(args, "--report", name)
		}
		got := hold(t, args...)
		require.Equal(t, 1, got.code, got.stderr)
		outputs := map[string]string{"stdout": got.stdout, "stderr": got.stderr}
		for _, name := range reports {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotEmpty(t, data)
			outputs[name] = string(data)
			if info, err := os.Stat(name); runtime.GOOS != "windows" {
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			}
		}
		for what, out := range outputs {
			for name, form := range disguises(hushed) {
				once, _ := json.Marshal(form) // as a string in a report
				for _, text := range []string{form, strings.Trim(string(once), `"`), html.EscapeString(form)} {
					at := strings.Index(out, text)
					require.Less(t, at, 0, "%s holds the secret in the form %q: %.200q", what, name, out[max(0, at-60):])
				}
			}
			require.NotRegexp(t, `(?i)(response|rspauth)[ \t]*=[ \t]*\\*"?[0-9a-f]{32}`, out, "%s holds a digest", what)
		}
	}
}

// servedRoot starts a server and returns its URL alone.
func servedRoot(t *testing.T, h http.Handler) string {
	t.Helper()
	return strings.TrimSuffix(servedAt(t, h), basePath)
}
