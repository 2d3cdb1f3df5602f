package reference

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// allTargets are every operation, and paths that are none.
func allTargets() [][2]string {
	one := services(projectA, "AWS") + "/" + noSuchID
	return [][2]string{
		{"POST", createPath(projectA)},
		{"GET", services(projectA, "AWS")},
		{"GET", one},
		{"DELETE", one},
		{"GET", "/groups/" + projectA + "/containers"},
		{"GET", "/groups/" + projectA + "/privateEndpoint/regionalMode"},
		{"PATCH", "/groups/" + projectA + "/privateEndpoint/regionalMode"},
		{"OPTIONS", one},
		{"PUT", one},
		{"HEAD", one},
		{"GET", "/nothing/here"},
		{"GET", ""},
	}
}

func TestA1ChallengeWithoutCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form := regexp.MustCompile(`^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false$`)
	for _, target := range allTargets() {
		a := b.send(httptest.NewRequest(target[0], basePath+target[1], nil))
		require.Equal(t, http.StatusUnauthorized, a.Code, target)
		require.Len(t, a.Header().Values("WWW-Authenticate"), 1)
		require.Regexp(t, form, a.Header().Get("WWW-Authenticate"))
	}
}

func TestA2UnauthorizedBeforeAnyCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, target := range []string{
		basePath + "/groups/zz/privateEndpoint/endpointService?pretty=maybe",
		basePath + "/groups/" + noSuchID + "/privateEndpoint/XX/endpointService",
		basePath + "/unknown", basePath + "//", "/", "/elsewhere", basePath + "/groups/../..",
	} {
		for _, body := range []string{"", "{", `{"a":1}`} {
			a := b.send(httptest.NewRequest(http.MethodPost, target, strings.NewReader(body)))
			require.Equal(t, http.StatusUnauthorized, a.Code, target)
		}
	}
}

func TestA3NoncesAreFreshAndUnpredictable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const n = 2000
	seen, prefixes := map[string]bool{}, map[string]int{}
	for range n {
		nonce := b.challenge()
		require.False(t, seen[nonce])
		seen[nonce] = true
		prefixes[nonce[:2]]++
	}
	require.Greater(t, len(prefixes), 1000, "the first characters of nonces repeat")
}

// authorized asks for a list with a header made by edit from a right one.
func authorized(b *bench, target string, edit func(header string) string) answer {
	nonce := b.challenge()
	r := httptest.NewRequest(http.MethodGet, basePath+target, nil)
	r.Header.Set("Authorization", edit(sign("pub", "priv", "GET", basePath+target, nonce, 1)))
	return b.send(r)
}

func TestA4RightResponsesAreAccepted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := services(projectA, "AWS")
	cases := map[string]func(string) string{
		"as is":                func(h string) string { return h },
		"algorithm bare":       func(h string) string { return strings.Replace(h, `algorithm="MD5"`, `algorithm=MD5`, 1) },
		"algorithm lower case": func(h string) string { return strings.Replace(h, `algorithm="MD5"`, `algorithm=md5`, 1) },
		"algorithm absent":     func(h string) string { return strings.Replace(h, `algorithm="MD5", `, ``, 1) },
		"qop quoted":           func(h string) string { return strings.Replace(h, `qop=auth`, `qop="auth"`, 1) },
		"no spaces":            func(h string) string { return strings.ReplaceAll(h, `, `, `,`) },
		"tabs and spaces":      func(h string) string { return strings.ReplaceAll(h, `, `, " ,\t ") },
		"spaces around equals": func(h string) string { return strings.Replace(h, `nc=`, `nc = `, 1) },
		"upper-case names":     func(h string) string { return strings.Replace(h, `username=`, `USERNAME=`, 1) },
		"lower-case scheme":    func(h string) string { return strings.Replace(h, `Digest `, `digest `, 1) },
		"unknown directive":    func(h string) string { return h + `, opaque="", charset=UTF-8, x_y="a\"b, c"` },
		"empty elements":       func(h string) string { return strings.Replace(h, `, realm`, `, , realm`, 1) + "," },
		"escaped characters":   func(h string) string { return strings.Replace(h, `"pub"`, `"\p\u\b"`, 1) },
		"other order": func(h string) string {
			parts := strings.Split(strings.TrimPrefix(h, "Digest "), ", ")
			for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
				parts[i], parts[j] = parts[j], parts[i]
			}
			return "Digest " + strings.Join(parts, ", ")
		},
	}
	for name, edit := range cases {
		require.Equal(t, http.StatusOK, authorized(b, list, edit).Code, name)
		require.Equal(t, http.StatusOK, authorized(b, list+"?includeCount=true&pageNum=2", edit).Code, name+" with a query")
	}
}

func TestA4NonceServesMoreThanOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	nonce := b.challenge()
	uri := basePath + services(projectA, "AWS")
	for _, nc := range []int{7, 2, 1, 3, 900, 8, 0xffffffff} {
		r := httptest.NewRequest(http.MethodGet, uri, nil)
		r.Header.Set("Authorization", sign("pub", "priv", "GET", uri, nonce, nc))
		require.Equal(t, http.StatusOK, b.send(r).Code, "nc %x", nc)
	}
}

func TestA4ConcurrentCountsInAnyOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	nonce := b.challenge()
	uri := basePath + services(projectA, "AWS")
	var wg sync.WaitGroup
	codes := make([]int, 200)
	for i := range codes {
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodGet, uri, nil)
			r.Header.Set("Authorization", sign("pub", "priv", "GET", uri, nonce, len(codes)-i))
			codes[i] = b.send(r).Code
		})
	}
	wg.Wait()
	for i, code := range codes {
		require.Equal(t, http.StatusOK, code, i)
	}
}

func TestA4AbsoluteFormTarget(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uri := basePath + services(projectA, "AWS") + "?pretty=true"
	for _, named := range []string{uri, "http://example.com" + uri} {
		r := httptest.NewRequest(http.MethodGet, "http://example.com"+uri, nil)
		r.RequestURI = "http://example.com" + uri
		r.Header.Set("Authorization", sign("pub", "priv", "GET", named, b.challenge(), 1))
		require.Equal(t, http.StatusOK, b.send(r).Code, named)
	}
}

func TestA7Roles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "US_EAST_1")
	one := services(projectA, "AWS") + "/" + id
	regional := "/groups/" + projectA + "/privateEndpoint/regionalMode"
	cases := []struct {
		method, target, body string
		reads                bool
	}{
		{"GET", services(projectA, "AWS"), "", true},
		{"GET", one, "", true},
		{"GET", "/groups/" + projectA + "/containers", "", true},
		{"GET", regional, "", true},
		{"POST", createPath(projectA), createBody("AWS", "us-west-1"), false},
		{"POST", createPath(projectA), "not even JSON", false},
		{"DELETE", one, "", false},
		{"PATCH", regional, `{"enabled":true}`, false},
	}
	for _, c := range cases {
		a := b.as("reader", "readerkey", c.method, c.target, c.body)
		if c.reads {
			require.Equal(t, http.StatusOK, a.Code, c)
		} else {
			refused(t, a, http.StatusForbidden, "ACCESS_FORBIDDEN")
		}
		refused(t, b.as("none", "nonekey", c.method, c.target, c.body), http.StatusUnauthorized, "NOT_IN_GROUP")
		elsewhere := strings.Replace(c.target, projectA, projectB, 1)
		refused(t, b.as("reader", "readerkey", c.method, elsewhere, c.body), http.StatusUnauthorized, "NOT_IN_GROUP")
	}
	require.Equal(t, "INITIATING", b.get(projectA, "AWS", id).object(t)["status"], "nothing was deleted")
	require.Len(t, b.ask("GET", services(projectA, "AWS"), "").array(t), 1, "nothing was created")
}

func TestA8NoSubstituteForDigest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, header := range []string{"Basic cHViOnByaXY=", "Bearer priv", "priv", "", "Digestpub", "Negotiate AAAA"} {
		r := httptest.NewRequest(http.MethodGet, basePath+services(projectA, "AWS"), nil)
		r.Header["Authorization"] = []string{header}
		a := b.send(r)
		require.Equal(t, http.StatusUnauthorized, a.Code, header)
		require.Len(t, a.Header().Values("WWW-Authenticate"), 1, header)
	}
}

func TestA9BodyOfTheChallenge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, query := range []string{"", "?envelope=true", "?pretty=true", "?pretty=maybe"} {
		a := b.send(httptest.NewRequest(http.MethodGet, basePath+services(projectA, "AWS")+query, nil))
		require.Equal(t, "application/json", a.Header().Get("Content-Type"))
		body := a.object(t)
		require.Len(t, body, 3)
		require.EqualValues(t, 401, body["error"])
		require.Equal(t, "Unauthorized", body["reason"])
		require.IsType(t, "", body["detail"])
	}
}

func TestA10ChallengeIsOneLine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.send(httptest.NewRequest(http.MethodGet, basePath, nil))
	directives := strings.Split(strings.TrimPrefix(a.Header().Get("WWW-Authenticate"), "Digest "), ", ")
	var names []string
	for _, d := range directives {
		name, _, _ := strings.Cut(d, "=")
		names = append(names, name)
	}
	require.Equal(t, []string{"realm", "domain", "nonce", "algorithm", "qop", "stale"}, names)
}

func TestA4GoldenVectors(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "shared", "facts", "digest_golden_vectors.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skip("no recorded Authorization headers beside the repository: ", err)
	}
	var vectors []struct {
		Client, Method, URI, Authorization, Username, Password string
		Valid                                                  bool
	}
	require.NoError(t, json.Unmarshal(raw, &vectors))
	require.NotEmpty(t, vectors)
	for _, v := range vectors {
		d, ok := readDigest(v.Authorization)
		require.True(t, ok, v.Authorization)
		ha1 := hash(v.Username, realm, v.Password)
		require.Equal(t, v.Valid, d.fits() && d.right(ha1, v.Method) && d.uri == v.URI, v.Authorization)
		require.False(t, d.right(hash(v.Username, realm, v.Password+"x"), v.Method))
		require.False(t, d.right(ha1, v.Method+"X"))
	}
}

func TestHashIsOfTheWholeText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3000)
	require.Equal(t, fmt.Sprintf("%x", md5.Sum([]byte("a:"+long+":b"))), hash("a", long, "b"))
}
