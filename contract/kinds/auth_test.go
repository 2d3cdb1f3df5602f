package kinds

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// vault is the source over a contract that is kept by a digest.
func vault(t *testing.T) *Source {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "../checks/testdata/vault.yaml"})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://vault.test/api"}
}

// doors is a contract with an operation for each sort of credentials.
const doors = `
openapi: 3.0.3
info: { title: Doors, version: "1" }
components:
  securitySchemes:
    header: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: key }
    cookie: { type: apiKey, in: cookie, name: sid }
    basic: { type: http, scheme: basic }
    bearer: { type: http, scheme: Bearer }
    oauth: { type: oauth2, flows: {} }
    tls: { type: mutualTLS }
paths:
  /header: { get: { operationId: header, security: [{ header: [] }], responses: { "200": { description: ok } } } }
  /query: { get: { operationId: query, security: [{ query: [] }], responses: { "200": { description: ok }, "401": { description: no } } } }
  /cookie: { get: { operationId: cookie, security: [{ cookie: [] }], responses: { "200": { description: ok } } } }
  /basic: { get: { operationId: basic, security: [{ basic: [] }], responses: { "200": { description: ok } } } }
  /bearer: { get: { operationId: bearer, security: [{ bearer: [] }], responses: { "200": { description: ok } } } }
  /oauth/{id}:
    get:
      operationId: oauth
      security: [{ oauth: [] }]
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { "200": { description: ok } }
  /open: { get: { operationId: open, security: [], responses: { "200": { description: ok } } } }
  /either: { get: { operationId: either, security: [{ basic: [] }, {}], responses: { "200": { description: ok } } } }
  /tls: { get: { operationId: tls, security: [{ tls: [] }], responses: { "200": { description: ok } } } }
`

func TestCredentialsThatNobodyGaveOut(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "doors.yaml", Data: []byte(doors)})
	require.NoError(t, err)
	got := cases(t, &Source{Contract: c, Base: "http://doors.test"}, credentialRefused)
	header := func(id, name string) string {
		require.Contains(t, got, id)
		require.Equal(t, "none", got[id].Steps[0].Credential, id)
		return got[id].Steps[0].Request.Header.Get(name)
	}
	require.Equal(t, "conformance-made-up", header("header/credential-refused/apiKey.wrong", "X-Key"))
	require.Empty(t, header("header/credential-refused/apiKey.empty", "X-Key"))
	require.Equal(t, "http://doors.test/query?key=conformance-made-up", got["query/credential-refused/apiKey.wrong"].Steps[0].Request.URL)
	require.Equal(t, "sid=conformance-made-up", header("cookie/credential-refused/apiKey.wrong", "Cookie"))
	require.Equal(t, "Basic Y29uZm9ybWFuY2U6bWFkZS11cA==", header("basic/credential-refused/basic.wrong", "Authorization"))
	require.Equal(t, "Bearer conformance-made-up", header("bearer/credential-refused/bearer.wrong", "Authorization"))
	require.Equal(t, "Bearer conformance-made-up", header("oauth/credential-refused/bearer.wrong", "Authorization"))
	require.Equal(t, "bearer", got["basic/credential-refused/basic.as-bearer"].Steps[0].Answer.Scheme)
	require.NotContains(t, got, "bearer/credential-refused/bearer.as-bearer")
	require.Equal(t, []int{401, 403}, got["query/credential-refused/apiKey.wrong"].Statuses)
	require.Equal(t, []int{401, 403, 404}, got["oauth/credential-refused/bearer.wrong"].Statuses, "what is there may be hidden")
	for id := range got {
		for _, free := range []string{"open/", "either/", "tls/"} {
			require.False(t, strings.HasPrefix(id, free), "%s needs no credentials, or none that can be left out", id)
		}
	}
	require.Len(t, cases(t, &Source{Contract: c, Base: "http://doors.test"}, unauthenticated), 6)
}

func TestOneOperationThatReadsIsAnsweredInDepth(t *testing.T) {
	t.Parallel()
	accepted := cases(t, vault(t), digestAccepted)
	require.Contains(t, accepted, "fillDrawer/digest-accepted/usual")
	require.Contains(t, accepted, "showDrawer/digest-accepted/usual")
	require.NotContains(t, accepted, "showDrawer/digest-accepted/reverse-order")
	require.Equal(t, contract.Accepted, accepted["listDrawers/digest-accepted/reverse-order"].Expect)
	require.Equal(t, contract.Any, accepted["listDrawers/digest-accepted/response-in-capitals"].Expect)
	require.Equal(t, "http://vault.test/api/drawers?full=false", accepted["listDrawers/digest-accepted/query"].Steps[0].Request.URL)
	for id := range accepted {
		require.NotContains(t, id, "offer-", "the declared form of the challenge rules it out")
	}
}

func TestWhatTheDocumentDoesNotPromiseIsOpen(t *testing.T) {
	t.Parallel()
	promised, open := vault(t), &Source{Contract: unpromised(t), Base: "http://vault.test/api"}
	for _, detail := range []string{"algorithm-absent", "qop-quoted", "count-from-5"} {
		id := "listDrawers/digest-accepted/" + detail
		require.Equal(t, contract.Accepted, cases(t, promised, digestAccepted)[id].Expect)
		require.Equal(t, contract.Any, cases(t, open, digestAccepted)[id].Expect)
	}
	strict, lenient := cases(t, promised, digestRefused), cases(t, open, digestRefused)
	require.Contains(t, strict, "showDrawer/digest-refused/absent.malformed-path")
	require.Equal(t, []int{401}, strict["showDrawer/digest-refused/wrong-key"].Statuses)
	for _, id := range []string{
		"fillDrawer/digest-refused/absent.empty-body", "fillDrawer/digest-refused/absent.other-media-type",
		"listDrawers/digest-refused/absent.unknown-path", "listDrawers/digest-refused/absent.undeclared-method",
	} {
		require.Contains(t, strict, id)
	}
	require.Empty(t, strict["listDrawers/digest-refused/absent.unknown-path"].Steps[0].Operation)
	require.NotContains(t, lenient, "showDrawer/digest-refused/absent.malformed-path")
	require.Equal(t, []int{401, 404}, lenient["showDrawer/digest-refused/wrong-key"].Statuses)
}

// unpromised is the vault without its statements.
func unpromised(t *testing.T) *spec.Contract {
	t.Helper()
	removal := spec.Overlay{Name: "removal.yaml", Data: []byte(`
overlay: 1.0.0
info: { title: nothing promised, version: "1" }
actions: [{ target: "$['x-conformance']", remove: true }]
`)}
	c, err := spec.Load(spec.Source{Name: "../checks/testdata/vault.yaml", Overlays: []spec.Overlay{removal}})
	require.NoError(t, err)
	require.Empty(t, c.Statements)
	return c
}

func TestWrongAnswersAreSentToEveryOperation(t *testing.T) {
	t.Parallel()
	s := vault(t)
	got := cases(t, s, digestRefused)
	for _, op := range s.Contract.Operations {
		for _, detail := range []string{"wrong-key", "unknown-user", "basic", "bearer"} {
			c := got[op.ID+"/digest-refused/"+detail]
			require.NotNil(t, c, "%s %s", op.ID, detail)
			require.Equal(t, contract.Rejected, c.Expect)
			require.NotNil(t, c.Steps[0].Answer)
		}
	}
	require.Equal(t, []string{"C8"}, got["fillDrawer/digest-refused/basic"].Statements)
	require.Equal(t, "/api/drawers", got["listDrawers/digest-refused/uri-without-query"].Steps[0].Answer.Over["uri"])
}

func TestTalesOfNonces(t *testing.T) {
	t.Parallel()
	got := cases(t, vault(t), digestNonce)
	require.Len(t, got["listDrawers/digest-nonce/many-challenges"].Steps, manyChallenges)
	replay := got["listDrawers/digest-nonce/replay"]
	require.NotEmpty(t, replay.Doubt)
	require.Equal(t, contract.Answer{Of: "first", Again: true}, *replay.Steps[1].Answer)
	for id, c := range got {
		names := map[string]bool{}
		for _, step := range c.Steps {
			if step.Answer != nil && step.Answer.Of != "" {
				require.True(t, names[step.Answer.Of], "%s: %s comes before it is used", id, step.Answer.Of)
			}
			require.False(t, names[step.Name], id)
			names[step.Name] = true
		}
	}
}
