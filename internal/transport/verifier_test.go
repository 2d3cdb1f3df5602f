package transport_test

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// The verifier of these tests is written from RFC 7616 alone, without the
// library that the client uses.

var directive = regexp.MustCompile(`([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^, ]*))`)

func directives(authorization string) map[string]string {
	found := map[string]string{}
	for _, m := range directive.FindAllStringSubmatch(strings.TrimPrefix(authorization, "Digest "), -1) {
		found[m[1]] = m[3]
		if m[3] == "" {
			found[m[1]] = regexp.MustCompile(`\\(.)`).ReplaceAllString(m[2], "$1")
		}
	}
	return found
}

func hashOf(algorithm string, parts ...string) string {
	var h hash.Hash
	switch strings.TrimSuffix(strings.ToUpper(algorithm), "-SESS") {
	case "SHA-256":
		h = sha256.New()
	case "SHA-512-256":
		h = sha512.New512_256()
	default:
		h = md5.New()
	}
	io.WriteString(h, strings.Join(parts, ":"))
	return hex.EncodeToString(h.Sum(nil))
}

// expected is the response that d should hold.
func expected(d map[string]string, method, user, key string, body []byte) string {
	algorithm := d["algorithm"]
	a1 := hashOf(algorithm, user, d["realm"], key)
	if strings.HasSuffix(strings.ToLower(algorithm), "-sess") {
		a1 = hashOf(algorithm, a1, d["nonce"], d["cnonce"])
	}
	a2 := hashOf(algorithm, method, d["uri"])
	if d["qop"] == "auth-int" {
		a2 = hashOf(algorithm, method, d["uri"], hashOf(algorithm, string(body)))
	}
	if d["qop"] == "" {
		return hashOf(algorithm, a1, d["nonce"], a2)
	}
	return hashOf(algorithm, a1, d["nonce"], d["nc"], d["cnonce"], d["qop"], a2)
}

// guard is a target that wants a digest. It hands out nonces in turn, each for
// a number of uses, and refuses a count that it has seen.
type guard struct {
	user, key string
	// challenge is the header, with %s for the nonce.
	challenge []string
	// uses is how often a nonce may be used; 0 is without end.
	uses int

	mu      sync.Mutex
	nonces  int
	seen    map[string]bool
	used    map[string]int
	refused int
	asked   int
	auths   []string
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked++
	authorization := r.Header.Get("Authorization")
	g.auths = append(g.auths, authorization)
	stale, good := g.judge(r, authorization, body)
	if good {
		fmt.Fprint(w, "welcome")
		return
	}
	g.refused++
	for _, challenge := range g.challenge {
		challenge = strings.ReplaceAll(challenge, "%s", fmt.Sprintf("nonce%d", g.nonces))
		if stale {
			challenge += ", stale=TRUE"
		}
		w.Header().Add("WWW-Authenticate", challenge)
	}
	w.WriteHeader(http.StatusUnauthorized)
}

func (g *guard) judge(r *http.Request, authorization string, body []byte) (stale, good bool) {
	d := directives(authorization)
	name := g.user
	if d["userhash"] == "true" {
		name = hashOf(d["algorithm"], g.user, d["realm"])
	}
	if d["username"] != name || d["uri"] != r.RequestURI ||
		d["response"] != expected(d, r.Method, g.user, g.key, body) {
		return false, false
	}
	if g.seen == nil {
		g.seen, g.used = map[string]bool{}, map[string]int{}
	}
	current := fmt.Sprintf("nonce%d", g.nonces)
	if d["nonce"] != current || d["qop"] != "" && g.seen[d["nonce"]+d["nc"]] {
		return true, false
	}
	g.seen[d["nonce"]+d["nc"]] = true
	if g.used[current]++; g.used[current] == g.uses {
		g.nonces++
	}
	return false, true
}

func TestVerifierAgreesWithRecordedClients(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "facts", "digest_golden_vectors.json"))
	if err != nil {
		t.Skipf("no golden vectors: %v", err)
	}
	var vectors []struct {
		Client, Method, URI, Authorization, Username, Password string
		Valid                                                  bool
	}
	require.NoError(t, json.Unmarshal(text, &vectors))
	require.NotEmpty(t, vectors)
	for i, v := range vectors {
		d := directives(v.Authorization)
		good := d["uri"] == v.URI && d["username"] == v.Username &&
			d["response"] == expected(d, v.Method, v.Username, v.Password, nil)
		require.Equal(t, v.Valid, good, "vector %d of %s", i, v.Client)
	}
}
