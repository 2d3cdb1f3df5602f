package reference

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestP1MalformedIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	bad := []string{
		"zz", "5f7cac1adf5d6c6306f4b28", projectA + "0", strings.ToUpper(projectA), "5f7cac1adf5d6c6306f4b28g",
		"%20" + projectA[1:], "..", "%2E%2E", "a%2Fb", "%00", "%ff", strings.Repeat("a", 5000), "-1", "null", "%F0%9F%98%80",
	}
	for _, id := range bad {
		refused(t, b.ask("GET", services(id, "AWS"), ""), 400, "PATH_PARAM_PARSE_ERROR")
		refused(t, b.ask("POST", createPath(id), createBody("AWS", "us-east-1")), 400, "PATH_PARAM_PARSE_ERROR")
		refused(t, b.ask("GET", services(projectA, "AWS")+"/"+id, ""), 400, "PATH_PARAM_PARSE_ERROR")
		refused(t, b.ask("DELETE", services(projectA, "AWS")+"/"+id, ""), 400, "PATH_PARAM_PARSE_ERROR")
	}
}

func TestP1EncodedIDIsTheID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.Equal(t, 200, b.ask("GET", services("%35"+projectA[1:], "AWS"), "").Code)
}

func TestP2UnknownProviders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, provider := range []string{"aws", "GCP", "XX", "AWS%20", "AZURE%2F", "Azure", "*"} {
		refused(t, b.ask("GET", services(projectA, provider), ""), 400, "INVALID_PATH_PARAMETER")
		refused(t, b.ask("DELETE", services(projectA, provider)+"/"+noSuchID, ""), 400, "INVALID_PATH_PARAMETER")
	}
	o := newBench(t, observed)
	require.Equal(t, 200, o.ask("GET", services(projectA, "GCP"), "").Code)
}

func TestP5FlagsAreTrueOrFalse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, target := range []string{
		services(projectA, "AWS"), services(projectA, "AZURE") + "/" + noSuchID,
		"/groups/" + projectA + "/containers", "/groups/" + projectA + "/privateEndpoint/regionalMode",
	} {
		for _, name := range []string{"pretty", "envelope"} {
			for _, value := range []string{"=maybe", "=2", "=TRUE", "=1", "=", "", "=true&" + name + "=true", "=%zz", "=true;x", "=null", "=+true"} {
				refused(t, b.ask("GET", target+"?"+name+value, ""), 400, "INVALID_QUERY_PARAMETER")
			}
		}
	}
	refused(t, b.ask("POST", createPath(projectA)+"?pretty=maybe", "{"), 400, "INVALID_QUERY_PARAMETER")
}

func TestP6UnknownQueryParametersAreIgnored(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, query := range []string{"?pageNum=2&itemsPerPage=50&includeCount=true", "?Pretty=maybe", "?%zz=1", "?a;b", "?&&=&", "?x=%ff", "?"} {
		require.Equal(t, 200, b.ask("GET", services(projectA, "AWS")+query, "").Code, query)
	}
}

func TestB1B2EveryKnownRegionInBothForms(t *testing.T) {
	t.Parallel()
	known, err := loadRegions()
	require.NoError(t, err)
	require.Greater(t, len(known.atlas), 200)
	b := newBench(t, observed)
	for spelling, at := range known.atlas {
		id := b.create(projectA, spelling.Provider, spelling.Region)
		shown := b.get(projectA, at.Provider, id).object(t)
		require.Equal(t, at.Region, shown["regionName"])
		require.Equal(t, at.Provider, shown["cloudProvider"])
		b.delete(projectA, at.Provider, id)
		b.clock.advance(2e9)
	}
}

func TestB3UnknownRegions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, body := range []string{
		createBody("AWS", "eastus2"), createBody("AWS", "EUROPE_WEST"), createBody("AZURE", "us-east-1"),
		createBody("AWS", "nowhere-1"), createBody("AWS", ""), createBody("AWS", " us-east-1"), createBody("AWS", "Us-East-1"),
		createBody("AZURE", "asia-east1"), createBody("AWS", strings.Repeat("x", 100_000)),
		`{"providerName":"AWS","region":"\ud800"}`, `{"providerName":"AWS","region":"\u0000"}`,
	} {
		refused(t, b.ask("POST", createPath(projectA), body), 400, "INVALID_REGION")
	}
}

func TestB1UnknownProviderNames(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, name := range []string{"GCP", "aws", "", "AWS ", "XX"} {
		refused(t, b.ask("POST", createPath(projectA), createBody(name, "us-east-1")), 400, "INVALID_ENUM_VALUE")
	}
}

func TestB4B5B6Attributes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cases := map[string]string{
		`{}`:                     "MISSING_ATTRIBUTE",
		`{"providerName":"AWS"}`: "MISSING_ATTRIBUTE",
		`{"region":"us-east-1"}`: "MISSING_ATTRIBUTE",
		`{"providerName":"AWS","region":"us-east-1","x":1}`:        "INVALID_ATTRIBUTE",
		`{"providerName":"AWS","region":"us-east-1","Region":"a"}`: "INVALID_ATTRIBUTE",
		`{"providername":"AWS","region":"us-east-1"}`:              "INVALID_ATTRIBUTE",
		`{"providerName":"AWS","region":"us-east-1","\ud800":1}`:   "INVALID_ATTRIBUTE",
		`{"providerName":"AWS","region":"us-east-1","":1}`:         "INVALID_ATTRIBUTE",
		`{"providerName":null,"region":"us-east-1"}`:               "INVALID_JSON_ATTRIBUTE",
		`{"providerName":"AWS","region":null}`:                     "INVALID_JSON_ATTRIBUTE",
		`{"providerName":1,"region":"us-east-1"}`:                  "INVALID_JSON_ATTRIBUTE",
		`{"providerName":"AWS","region":true}`:                     "INVALID_JSON_ATTRIBUTE",
		`{"providerName":"AWS","region":["us-east-1"]}`:            "INVALID_JSON_ATTRIBUTE",
		`{"providerName":{"a":{"a":1}},"region":"us-east-1"}`:      "INVALID_JSON_ATTRIBUTE",
		`{"providerName":"AWS","region":1e400}`:                    "INVALID_JSON_ATTRIBUTE",
	}
	for body, code := range cases {
		refused(t, b.ask("POST", createPath(projectA), body), 400, code)
	}
	require.Empty(t, b.ask("GET", services(projectA, "AWS"), "").array(t))
}

func TestB7BodiesThatAreNoJSONObject(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	good := createBody("AWS", "us-east-1")
	for _, body := range []string{
		"", " ", "\n", "null", "true", "1", `"x"`, "[]", "[" + good + "]", "{", good[:len(good)-1], good + "x", good + good, good + ",", "\xef\xbb\xbf" + good,
		"{'providerName':'AWS'}", `{"providerName":"AWS","region":"us-east-1",}`, `{"providerName":"AWS" "region":"us-east-1"}`,
		"{\"providerName\":\"AWS\",\"region\":\"\xff\"}", "{\"providerName\":\"AWS\",\"region\":\"\x00\"}", "{\"providerName\":\"AWS\",\"region\":\"a\nb\"}",
		`{"providerName":"AWS","region":"us-east-1","region":"us-east-2"}`, `{"providerName":"AWS","providerName":"AWS","region":"us-east-1"}`,
		`{"providerName":"AWS","region":NaN}`, `{"providerName":"AWS","region":01}`, `{"\u0070roviderName":"AWS","providerName":"AWS","region":"us-east-1"}`,
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000), strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"\x1f\x8b\x08\x00", "providerName=AWS&region=us-east-1", "<a/>",
	} {
		refused(t, b.ask("POST", createPath(projectA), body), 400, "INVALID_JSON")
	}
	require.Equal(t, 201, b.ask("POST", createPath(projectA), " \r\n\t"+good+"\n\n").Code)
}

func TestB8MediaTypes(t *testing.T) {
	t.Parallel()
	cases := map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "APPLICATION/JSON": 201, "application/json;": 201,
		"application/vnd.atlas.2023-01-01+json": 201, "": 201, ";": 201,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "application/xml": 415, "text/json": 415,
		"multipart/form-data; boundary=x": 415, "garbage": 415, "application/jsonx": 415, "\xff": 415, "*/*": 415,
	}
	for media, status := range cases {
		b := newBench(t)
		target := basePath + createPath(projectA)
		r := httptest.NewRequest("POST", target, strings.NewReader(createBody("AWS", "us-east-1")))
		nonce, count := b.next()
		r.Header.Set("Authorization", sign("pub", "priv", "POST", target, nonce, count))
		if media != "" {
			r.Header.Set("Content-Type", media)
		}
		a := b.send(r)
		require.Equal(t, status, a.Code, "%q: %s", media, a.text())
		if status == 415 {
			refused(t, a, 415, "UNSUPPORTED_MEDIA_TYPE")
		}
	}
}

func TestB7BodyTooLarge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	refused(t, b.ask("POST", createPath(projectA), strings.Repeat(" ", maxBody)+"{}"), 413, "REQUEST_TOO_LARGE")
	refused(t, b.ask("POST", createPath(projectA), `{"a":"`+strings.Repeat("x", maxBody-8)+`"}`), 400, "INVALID_ATTRIBUTE")
}

func TestO7RegionalMode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := "/groups/" + projectA + "/privateEndpoint/regionalMode"
	require.JSONEq(t, `{"enabled":false}`, b.ask("GET", path, "").text())
	a := b.ask("PATCH", path, `{"enabled":true}`)
	require.Equal(t, 202, a.Code)
	require.Equal(t, `{"enabled":true}`, a.text())
	require.Equal(t, `{"enabled":true}`, b.ask("GET", path, "").text())
	elsewhere := strings.Replace(path, projectA, projectB, 1)
	require.Equal(t, `{"enabled":false}`, b.ask("GET", elsewhere, "").text())
	for body, code := range map[string]string{
		"true": "INVALID_JSON", "": "INVALID_JSON", "{}": "MISSING_ATTRIBUTE", `{"enabled":1}`: "INVALID_JSON_ATTRIBUTE",
		`{"enabled":null}`: "INVALID_JSON_ATTRIBUTE", `{"enabled":"true"}`: "INVALID_JSON_ATTRIBUTE", `{"enabled":true,"x":1}`: "INVALID_ATTRIBUTE",
	} {
		refused(t, b.ask("PATCH", path, body), 400, code)
	}
}

// The order of the checks: what is wrong first is what is answered.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cases := []struct {
		name, user, method, target, body, code string
		status                                 int
	}{
		{"route before all else", "none", "GET", "/groups/zz/nothing?pretty=maybe", "", "RESOURCE_NOT_FOUND", 404},
		{"method before path", "none", "PUT", services("zz", "AWS") + "?pretty=maybe", "", "METHOD_NOT_ALLOWED", 405},
		{"path before project", "none", "GET", services(noSuchID, "XX") + "?pretty=maybe", "", "INVALID_PATH_PARAMETER", 400},
		{"project before role", "none", "POST", createPath(noSuchID) + "?pretty=maybe", "{", "GROUP_NOT_FOUND", 404},
		{"role before flags", "none", "POST", createPath(projectA) + "?pretty=maybe", "{", "NOT_IN_GROUP", 401},
		{"role before flags", "reader", "POST", createPath(projectA) + "?pretty=maybe", "{", "ACCESS_FORBIDDEN", 403},
		{"flags before body", "pub", "POST", createPath(projectA) + "?pretty=maybe", "{", "INVALID_QUERY_PARAMETER", 400},
		{"body before region", "pub", "POST", createPath(projectA), `{"providerName":"AWS","region":"x","y":1}`, "INVALID_ATTRIBUTE", 400},
	}
	keys := map[string]string{"pub": "priv", "reader": "readerkey", "none": "nonekey"}
	for _, c := range cases {
		refused(t, b.as(c.user, keys[c.user], c.method, c.target, c.body), c.status, c.code)
	}
}

// Whatever comes in, what comes out is an answer of the API (E5).
func TestE5HostileRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	paths := []string{
		"", "/", "//", "/groups", "/groups/", "/groups//privateEndpoint/endpointService", createPath(projectA) + "/", "/../../etc/passwd",
		"/groups/" + projectA + "/privateEndpoint/AWS/../endpointService", "/groups/" + projectA + "/./containers", "/%2e%2e/%2e%2e", "/groups%2F" + projectA,
		services(projectA, "AWS") + "/%00", services(projectA, "AWS") + "/%ff%fe", services(projectA, "AWS") + "/" + strings.Repeat("a/", 2000),
		createPath(projectA) + "?pretty=" + strings.Repeat("x", 50_000), createPath(projectA) + "?" + strings.Repeat("&a=b", 20_000), "/%3Cscript%3E",
		services(projectA, "AWS") + "/" + noSuchID + ";x=y", "/groups/" + projectA + "/privateEndpoint/endpointService%20", "/groups/{groupId}/containers",
	}
	bodies := []string{"", "{", "\xff", createBody("AWS", "us-east-1"), strings.Repeat("[", 20_000), `{"providerName":"AWS","region":"\uDFFF\uD800"}`}
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get"}
	for _, path := range paths {
		for _, method := range methods {
			for _, body := range bodies {
				a := b.ask(method, path, body)
				require.Less(t, a.Code, 500, "%s %.80s", method, path)
				require.False(t, a.Code >= 300 && a.Code < 400, "%s %.80s redirects", method, path)
				if a.Code >= 400 && method != "HEAD" {
					require.Contains(t, a.object(t), "errorCode")
				}
			}
		}
	}
}

func FuzzE5Create(f *testing.F) {
	for _, seed := range []string{createBody("AWS", "us-east-1"), `{"a":[]}`, "\xff", `{"providerName":"AWS","region":"\ud800"}`} {
		f.Add([]byte(seed), "pretty=true", "application/json")
	}
	b := newBench(f)
	b.next() // the challenge is taken before the fuzzing begins
	f.Fuzz(func(t *testing.T, body []byte, query, media string) {
		target := &url.URL{Path: basePath + createPath(projectA), RawQuery: query}
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.URL, r.RequestURI = target, target.RequestURI()
		r.Header["Content-Type"] = []string{media}
		nonce, count := b.next()
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
		header := sign("pub", "priv", "POST", r.RequestURI, nonce, count)
		r.Header.Set("Authorization", strings.Replace(header, r.RequestURI, quoted.Replace(r.RequestURI), 1))
		a := b.send(r)
		require.Contains(t, []int{201, 400, 409, 413, 415}, a.Code, a.text())
		require.NotEmpty(t, a.object(t))
	})
}

func FuzzA5Authorization(f *testing.F) {
	f.Add(sign("pub", "wrong", "GET", "/", "n", 1))
	f.Add(`Digest a="\", b=`)
	b := newBench(f)
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", basePath+services(projectA, "AWS"), nil)
		r.Header["Authorization"] = []string{header}
		require.Equal(t, http.StatusUnauthorized, b.send(r).Code)
	})
}
