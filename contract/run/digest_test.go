package run

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

const (
	vaultUser = "keeper"
	vaultKey  = "open-sesame-7"
)

// vault serves vault.yaml behind a digest. As it stands it is right; each
// field makes it wrong, or right in another way.
type vault struct {
	// wrong
	anyResponse, anyURI, anyPath, anyNonce, anyRealm, anyMethod, anyUser, anyCount bool
	basic, bearer, bare, silent, late, lax, mute                                   bool
	fixedNonce, counterNonce, clockNonce, never, staleToStrangers                  bool
	emptyResponse, onlyQuery, refusesOrder, crashes                                bool
	// right
	capitals, once bool
	thirds         bool
	// challenges replaces the one line; %s stands for the nonce.
	challenges []string

	mu     sync.Mutex
	issued map[string]bool
	used   map[string]bool
	count  int
	uses   int
}

var pair = regexp.MustCompile(`(?i)([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^, ]*))`)

func read(authorization string) map[string]string {
	found := map[string]string{}
	for _, m := range pair.FindAllStringSubmatch(authorization, -1) {
		found[strings.ToLower(m[1])] = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[2]) + m[3]
	}
	return found
}

func (k *vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/api")
	if k.late && !rightRequest(r, path, body) {
		w.WriteHeader(400)
		return
	}
	if in, stale := k.admit(r, path); !in {
		k.refuse(w, stale)
		return
	}
	switch {
	case !rightRequest(r, path, body):
		w.WriteHeader(400)
	case r.Method == "POST":
		w.WriteHeader(204)
	case path == "/drawers":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "[1]")
	case path == "/drawers/1":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "1")
	default:
		w.WriteHeader(404)
	}
}

func rightRequest(r *http.Request, path string, body []byte) bool {
	number, one := strings.CutPrefix(path, "/drawers/")
	full := r.URL.Query().Get("full")
	return (r.Method != "POST" || strings.HasPrefix(string(body), `{"label":"`)) &&
		(!one || regexp.MustCompile(`^[1-9][0-9]*$`).MatchString(number)) && slices.Contains([]string{"", "true", "false"}, full)
}

func (k *vault) refuse(w http.ResponseWriter, stale bool) {
	if k.silent {
		w.WriteHeader(401)
		return
	}
	lines := k.challenges
	if lines == nil {
		lines = []string{`Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth", stale=` + fmt.Sprint(stale && !k.mute)}
	}
	nonce := k.nonce()
	for _, line := range lines {
		line = strings.ReplaceAll(line, "%s", nonce)
		if stale && k.challenges != nil {
			line += ", stale=true"
		}
		w.Header().Add("WWW-Authenticate", line)
	}
	w.WriteHeader(401)
}

func (k *vault) nonce() string {
	k.count++
	var b [18]byte
	rand.Read(b[:])
	nonce := base64.StdEncoding.EncodeToString(b[:])
	switch {
	case k.fixedNonce:
		nonce = "always-the-same"
	case k.counterNonce:
		nonce = fmt.Sprintf("vault-%06d", k.count)
	case k.clockNonce:
		nonce = fmt.Sprintf("%x", 1795600000_000+k.count*17+k.count%3)
	}
	if k.issued == nil {
		k.issued, k.used = map[string]bool{}, map[string]bool{}
	}
	k.issued[nonce] = true
	return nonce
}

func (k *vault) admit(r *http.Request, path string) (in, stale bool) {
	authorization := r.Header.Get("Authorization")
	scheme, rest, _ := strings.Cut(authorization, " ")
	switch scheme = strings.ToLower(scheme); {
	case authorization == "":
		return k.bare && path == "/drawers/1", false
	case scheme == "basic":
		plain, _ := base64.StdEncoding.DecodeString(rest)
		return k.basic && string(plain) == vaultUser+":"+vaultKey, false
	case scheme == "bearer":
		return k.bearer && rest == vaultKey, false
	case scheme != "digest" || k.never:
		return false, false
	case k.crashes && !strings.Contains(rest, "response"):
		panic("no response")
	}
	d := read(rest)
	if !k.right(d, r) || k.refusesOrder && strings.HasPrefix(rest, "response") {
		if k.lax && path == "/drawers/1" && d["username"] == vaultUser {
			return true, false
		}
		return false, k.staleToStrangers
	}
	return k.spend(d)
}

// right tells whether an answer is right but for its nonce.
func (k *vault) right(d map[string]string, r *http.Request) bool {
	uri := d["uri"] == r.RequestURI
	if k.anyPath {
		u, err := url.Parse(d["uri"])
		uri = err == nil && u.RawQuery == r.URL.RawQuery
	}
	if k.onlyQuery {
		uri = strings.HasPrefix(r.RequestURI, d["uri"]) && d["uri"] != "/"
	}
	method := r.Method
	if k.anyMethod && expected(d, "POST", vaultKey) == d["response"] {
		method = "POST"
	}
	key := vaultKey
	if k.anyUser && d["username"] != vaultUser {
		key = ""
	}
	if k.emptyResponse && d["response"] == "" {
		return true
	}
	response := expected(d, method, key)
	same := response == d["response"] || k.capitals && strings.EqualFold(response, d["response"])
	if k.anyRealm && !same {
		shown := d["realm"]
		d["realm"] = "vault"
		same, d["realm"] = expected(d, method, key) == d["response"], shown
	}
	return (same || k.anyResponse && d["response"] != "") && (uri || k.anyURI) && (d["realm"] == "vault" || k.anyRealm) &&
		(d["username"] == vaultUser || k.anyUser) && d["qop"] != "" && d["cnonce"] != "" && regexp.MustCompile(`^[0-9a-fA-F]{1,8}$`).MatchString(d["nc"]) &&
		slices.Contains([]string{"auth", "auth-int"}, d["qop"])
}

// spend uses the nonce and its count up.
func (k *vault) spend(d map[string]string) (in, stale bool) {
	nonce, count := d["nonce"], d["nonce"]+" "+d["nc"]
	if !k.issued[nonce] {
		return k.anyNonce, k.used[nonce+" spent"]
	}
	if k.used[count] && !k.anyCount {
		return false, true
	}
	k.used[count] = true
	if k.once {
		delete(k.issued, nonce)
		k.used[nonce+" spent"] = true
	}
	if k.uses++; k.thirds && k.uses%3 == 0 {
		delete(k.issued, nonce)
		k.used[nonce+" spent"] = true
		return false, true
	}
	return true, false
}

// expected is the response that a holder of the key gives (RFC 7616, section
// 3.4.1).
func expected(d map[string]string, method, key string) string {
	hash := func(parts ...string) string {
		text := []byte(strings.Join(parts, ":"))
		if strings.EqualFold(d["algorithm"], "SHA-256") {
			sum := sha256.Sum256(text)
			return hex.EncodeToString(sum[:])
		}
		sum := md5.Sum(text)
		return hex.EncodeToString(sum[:])
	}
	a1 := hash(d["username"], d["realm"], key)
	a2 := hash(method, d["uri"])
	if d["qop"] == "auth-int" {
		a2 = hash(method, d["uri"], hash(d["body"]))
	}
	return hash(a1, d["nonce"], d["nc"], d["cnonce"], d["qop"], a2)
}

// heldTo runs the kinds about credentials against a vault.
func heldTo(t *testing.T, change func(text string) string, h http.Handler) []contract.Verdict {
	t.Helper()
	text := vaultText(t)
	if change != nil {
		text = change(text)
	}
	source := spec.Source{Name: "vault.yaml", Data: []byte(text)}
	r := over(t, source, "http://vault.test/api", h, &transport.Credential{User: vaultUser, Key: vaultKey}, func(o *Options) {
		o.Kinds = only(func(name string) bool {
			return strings.HasPrefix(name, "digest-") || name == "unauthenticated" || name == "valid"
		})
		o.Concurrency = 1 // so that "every third use" never hits one request twice
	})
	var out []contract.Verdict
	for v, err := range r.Verdicts(t.Context()) {
		var unreachable *Unreachable
		if err != nil {
			require.ErrorAs(t, err, &unreachable)
			return out
		}
		out = append(out, v)
	}
	require.NotEmpty(t, out)
	return out
}

func TestRightVaultsAreKept(t *testing.T) {
	t.Parallel()
	plain := func(text string) string { // without what the document promises beyond the RFC
		return regexp.MustCompile(`(?s)x-conformance:\n  statements:.*?\nsecurity:`).ReplaceAllString(
			regexp.MustCompile(`(?s)      headers:\n.*`).ReplaceAllString(text, ""), "security:")
	}
	for name, test := range map[string]struct {
		vault  *vault
		change func(string) string
	}{
		"plain":                    {&vault{}, nil},
		"plain, nothing promised":  {&vault{}, plain},
		"compares without case":    {&vault{capitals: true}, nil},
		"stale at every third use": {&vault{thirds: true}, nil},
		"nonces are good once":     {&vault{once: true}, nil},
		"two algorithms": {&vault{challenges: []string{
			`Digest realm="vault", nonce="%s", algorithm=SHA-256, qop="auth"`, `Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth"`,
		}}, plain},
		"more than needed": {&vault{challenges: []string{`Basic realm="x", Digest realm="vault",nonce="%s",qop="auth,auth-int",opaque="x y",charset=UTF-8`}}, plain},
		"quotes rewritten": {&vault{challenges: []string{`digest REALM=vault, Nonce="%s", algorithm="MD5", qop=auth`}}, plain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := 0
			for _, v := range heldTo(t, test.change, test.vault) {
				require.Empty(t, v.Findings, "%s", v.Case.ID)
				if v.Outcome == contract.Skipped {
					require.Contains(t, v.Reason, "the target offers no challenge", v.Case.ID)
					continue
				}
				require.Equal(t, contract.Kept, v.Outcome, "%s %s", v.Case.ID, v.Reason)
				answered++
			}
			require.Greater(t, answered, 80)
		})
	}
}

func TestWrongVaultsAreCaught(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		vault *vault
		// check and statement of a finding that must be there, in a case whose
		// id ends so.
		check, statement, in string
		warned               bool
	}{
		"takes any response":                {vault: &vault{anyResponse: true}, check: "digest", statement: "C4", in: "wrong-key"},
		"takes an empty response":           {vault: &vault{emptyResponse: true}, check: "digest", statement: "C4", in: "response-empty"},
		"does not look at uri":              {vault: &vault{anyURI: true}, check: "digest", statement: "C4", in: "uri-of-another-path"},
		"looks at the query of uri alone":   {vault: &vault{anyPath: true}, check: "digest", statement: "C4", in: "uri-of-another-path"},
		"takes a uri without its query":     {vault: &vault{onlyQuery: true}, check: "digest", statement: "C4", in: "uri-without-query"},
		"takes any method":                  {vault: &vault{anyMethod: true}, check: "digest", statement: "C4", in: "method-other-than-hashed"},
		"takes any realm":                   {vault: &vault{anyRealm: true}, check: "digest", statement: "C4", in: "realm-other-than-hashed"},
		"takes a nonce that it never gave":  {vault: &vault{anyNonce: true}, check: "digest", statement: "C4", in: "nonce-invented"},
		"takes any user with an empty key":  {vault: &vault{anyUser: true}, check: "digest", statement: "C4", in: "unknown-user-empty-key"},
		"takes Basic":                       {vault: &vault{basic: true}, check: "digest", statement: "C8", in: "/basic"},
		"takes Bearer":                      {vault: &vault{bearer: true}, check: "digest", statement: "C8", in: "/bearer"},
		"takes a wrong key at one place":    {vault: &vault{lax: true}, check: "digest", statement: "C4", in: "showDrawer/digest-refused/wrong-key"},
		"takes none at one place":           {vault: &vault{bare: true}, check: "outcome", statement: "C1", in: "showDrawer/unauthenticated/none"},
		"one nonce for all":                 {vault: &vault{fixedNonce: true}, check: "nonces", statement: "C2", in: "many-challenges"},
		"a counter for a nonce":             {vault: &vault{counterNonce: true}, check: "nonces", statement: "C2", in: "many-challenges"},
		"a clock for a nonce":               {vault: &vault{clockNonce: true}, check: "nonces", statement: "C2", in: "many-challenges"},
		"takes a replay":                    {vault: &vault{anyCount: true}, check: "digest", statement: "C5", in: "digest-nonce/replay", warned: true},
		"a replay is not called stale":      {vault: &vault{mute: true}, check: "digest", statement: "C5", in: "digest-nonce/replay", warned: true},
		"calls a wrong key stale":           {vault: &vault{staleToStrangers: true}, check: "digest", statement: "C5", in: "wrong-key", warned: true},
		"refuses another order":             {vault: &vault{refusesOrder: true}, check: "digest", statement: "C3", in: "reverse-order"},
		"no challenge":                      {vault: &vault{silent: true}, check: "challenge", statement: "C1", in: "unauthenticated/none"},
		"looks at the request before":       {vault: &vault{late: true}, check: "digest", statement: "C7", in: "wrong-key.malformed-path"},
		"looks at the body before":          {vault: &vault{late: true}, check: "outcome", statement: "C7", in: "absent.malformed-body"},
		"crashes where response is missing": {vault: &vault{crashes: true}, check: "answered", in: "response-absent"},
		"two challenges": {
			vault: &vault{challenges: []string{`Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth", stale=false`, `Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth", stale=true`}},
			check: "challenge", statement: "C6", in: "unauthenticated/none",
		},
		"another directive":     {vault: &vault{challenges: []string{`Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth", stale=false, opaque="x"`}}, check: "headers", statement: "C6", in: "unauthenticated/none"},
		"another realm":         {vault: &vault{anyRealm: true, challenges: []string{`Digest realm="Vault", nonce="%s", algorithm=MD5, qop="auth", stale=false`}}, check: "challenge", statement: "C6", in: "digest-accepted/usual"},
		"a malformed challenge": {vault: &vault{challenges: []string{`Digest realm="vault", nonce="%s, algorithm=MD5`}}, check: "challenge", statement: "C1", in: "unauthenticated/none"},
		"asks for Basic":        {vault: &vault{challenges: []string{`Basic realm="vault"`}}, check: "challenge", statement: "C1", in: "unauthenticated/none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := false
			for _, v := range heldTo(t, nil, test.vault) {
				for _, f := range v.Findings {
					hit := f.Check == test.check && f.Statement == test.statement && strings.HasSuffix(v.Case.ID, test.in)
					found = found || hit
					require.True(t, !test.warned || f.Evidence == contract.Assumed, "%s: %s", v.Case.ID, f.Message)
				}
				if test.warned {
					require.NotEqual(t, contract.Broken, v.Outcome, v.Case.ID)
				}
				for _, e := range v.Exchanges {
					require.NotContains(t, fmt.Sprintf("%+v %+v", *e, e.Request), vaultKey)
				}
			}
			require.True(t, found, "not caught")
		})
	}
}

func vaultText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../checks/testdata/vault.yaml")
	require.NoError(t, err)
	return string(text)
}
