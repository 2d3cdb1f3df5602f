package reference

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestO1S1AWS(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.ask("POST", createPath(projectA), createBody("AWS", "us-east-1"))
	require.Equal(t, http.StatusCreated, a.Code)
	body := a.object(t)
	id := body["id"].(string)
	require.True(t, isObjectID(id), id)
	require.Equal(t, map[string]any{
		"id": id, "status": "INITIATING", "errorMessage": nil, "endpointServiceName": nil, "interfaceEndpoints": []any{},
	}, body)
	b.clock.advance(time.Second)
	body = b.get(projectA, "AWS", id).object(t)
	require.Equal(t, "WAITING_FOR_USER", body["status"])
	require.Regexp(t, `^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}$`, body["endpointServiceName"])
}

func TestO1S2AZURE(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := b.ask("POST", createPath(projectA), createBody("AZURE", "US_EAST_2")).object(t)
	id := body["id"].(string)
	require.Equal(t, map[string]any{
		"id": id, "status": "INITIATING", "errorMessage": nil,
		"privateLinkServiceName": nil, "privateLinkServiceResourceId": nil, "privateEndpoints": []any{},
	}, body)
	b.clock.advance(time.Second)
	body = b.get(projectA, "AZURE", id).object(t)
	require.Equal(t, "AVAILABLE", body["status"])
	require.Equal(t, "pls_"+id, body["privateLinkServiceName"])
	require.Regexp(t, `^/subscriptions/[0-9a-f-]{36}/resourceGroups/.*/privateLinkServices/pls_`+id+`$`, body["privateLinkServiceResourceId"])
}

func TestS4SentWhereItIsOptional(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Optional = true })
	for _, provider := range []string{"AWS", "AZURE"} {
		body := b.ask("POST", createPath(projectA), createBody(provider, "US_EAST_2")).object(t)
		require.Equal(t, provider, body["cloudProvider"])
		require.Equal(t, "US_EAST_2", body["regionName"])
	}
}

func TestS4S5S6Observed(t *testing.T) {
	t.Parallel()
	b := newBench(t, observed)
	ids := map[string]string{
		"AWS": b.create(projectA, "AWS", "us-east-1"), "AZURE": b.create(projectA, "AZURE", "eastus2"), "GCP": b.create(projectA, "GCP", "us-central1"),
	}
	regions := map[string]string{"AWS": "US_EAST_1", "AZURE": "US_EAST_2", "GCP": "CENTRAL_US"}
	young := b.get(projectA, "GCP", ids["GCP"]).object(t)
	require.Equal(t, []any{}, young["serviceAttachmentNames"])
	b.clock.advance(time.Second)
	for provider, id := range ids {
		body := b.get(projectA, provider, id).object(t)
		require.Equal(t, "AVAILABLE", body["status"], provider)
		require.Equal(t, provider, body["cloudProvider"])
		require.Equal(t, regions[provider], body["regionName"])
	}
	old := b.get(projectA, "GCP", ids["GCP"]).object(t)
	require.Len(t, old["serviceAttachmentNames"], gcpAttachments)
	require.Equal(t, []any{}, old["endpointGroupNames"])
	require.Equal(t, false, old["portMappingEnabled"])
}

func TestS9S10CompactJSON(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "us-east-1")
	for _, a := range []answer{
		b.get(projectA, "AWS", id), b.ask("GET", services(projectA, "AWS"), ""), b.get(projectA, "AWS", noSuchID),
		b.ask("GET", "/nothing", ""), b.ask("POST", createPath(projectA), "{"), b.delete(projectA, "AWS", id),
		b.ask("GET", "/groups/"+projectA+"/containers?pretty=false&envelope=false", ""),
	} {
		require.Equal(t, "application/json", a.Header().Get("Content-Type"))
		require.NotContains(t, a.text(), "\n")
		require.NotContains(t, a.text(), `": `)
	}
}

func TestO4DeleteReply(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.delete(projectA, "AWS", b.create(projectA, "AWS", "us-east-1"))
	require.Equal(t, http.StatusAccepted, a.Code)
	require.Equal(t, "{}", a.text())
}

// flagTargets are requests with each kind of reply: an object, an array, an
// empty object, errors.
func flagTargets(id string) [][3]string {
	one := services(projectA, "AWS") + "/" + id
	return [][3]string{
		{"GET", one, ""},
		{"GET", services(projectA, "AWS"), ""},
		{"GET", services(projectA, "AZURE"), ""},
		{"GET", "/groups/" + projectA + "/containers", ""},
		{"GET", "/groups/" + projectA + "/privateEndpoint/regionalMode", ""},
		{"DELETE", one, ""},
		{"GET", services(projectA, "AWS") + "/" + noSuchID, ""},
		{"GET", services(noSuchID, "AWS"), ""},
		{"GET", services("zz", "AWS"), ""},
		{"GET", "/nothing", ""},
		{"PUT", one, ""},
		{"POST", createPath(projectA), "{"},
		{"POST", createPath(projectA), createBody("AWS", "us-east-1")},
	}
}

func TestF1F2F3F4F5Envelope(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*Options){
		"envelope": func(*Options) {},
		"content":  func(o *Options) { o.EnvelopeKey = "content" },
	} {
		b := newBench(t, change)
		id := b.create(projectA, "AWS", "us-east-1")
		for _, target := range flagTargets(id) {
			plain := b.ask(target[0], target[1], target[2])
			wrapped := b.ask(target[0], target[1]+"?envelope=true", target[2])
			require.Equal(t, plain.Code, wrapped.Code, target)
			body := wrapped.object(t)
			require.Len(t, body, 2, target)
			require.EqualValues(t, plain.Code, body["status"], target)
			require.Equal(t, plain.value(t), body[key], target)
			require.NotContains(t, wrapped.text(), "\n")
		}
	}
}

func TestF1ObservedKey(t *testing.T) {
	t.Parallel()
	b := newBench(t, observed)
	require.Contains(t, b.ask("GET", services(projectA, "AWS")+"?envelope=true", "").object(t), "content")
	both := newBench(t, observed, func(o *Options) { o.EnvelopeKey = "envelope" })
	require.Contains(t, both.ask("GET", services(projectA, "AWS")+"?envelope=true", "").object(t), "envelope")
}

func TestF2EnvelopedCreate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.ask("POST", createPath(projectA)+"?envelope=true", createBody("AWS", "us-east-1"))
	require.Equal(t, 201, a.Code)
	inner := a.object(t)["envelope"].(map[string]any)
	require.Equal(t, inner, b.get(projectA, "AWS", inner["id"].(string)).object(t))
}

func TestF4NotWrapped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.ask("OPTIONS", services(projectA, "AWS")+"?envelope=true&pretty=true", "")
	require.Equal(t, 204, a.Code)
	require.Empty(t, a.text())
	refused(t, b.as("none", "nonekey", "GET", services(projectA, "AWS")+"?envelope=true", ""), 401, "NOT_IN_GROUP")
}

func TestF4BadFlagInsideAnEnvelope(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := b.ask("GET", services(projectA, "AWS")+"?envelope=true&pretty=maybe", "").object(t)
	require.EqualValues(t, 400, body["status"])
	require.Contains(t, body["envelope"], "errorCode")
}

func TestF6F7Pretty(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "us-east-1")
	for _, target := range flagTargets(id) {
		for _, query := range []string{"", "envelope=true", "envelope=false"} {
			plain := b.ask(target[0], target[1]+"?"+query, target[2])
			pretty := b.ask(target[0], target[1]+"?pretty=true&"+query, target[2])
			require.Equal(t, plain.Code, pretty.Code)
			require.Equal(t, plain.value(t), pretty.value(t), target)
			if len(plain.text()) > 2 { // an empty array or object has nothing to break
				require.Contains(t, pretty.text(), "\n  ", target)
			}
			off := b.ask(target[0], target[1]+"?pretty=false&"+query, target[2])
			require.Equal(t, plain.text(), off.text(), target)
		}
	}
}

func TestHEADIsGETWithoutABody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, target := range []string{services(projectA, "AWS"), services(projectA, "AWS") + "/" + noSuchID, "/nothing"} {
		get, head := b.ask("GET", target, ""), b.ask("HEAD", target, "")
		require.Equal(t, get.Code, head.Code)
		require.Empty(t, head.text())
		require.Equal(t, get.Header().Get("Content-Length"), head.Header().Get("Content-Length"))
		require.Equal(t, get.Header().Get("Content-Type"), head.Header().Get("Content-Type"))
	}
	refusedHead := b.ask("HEAD", createPath(projectA), "")
	require.Equal(t, 405, refusedHead.Code)
}

func TestE3MethodNotAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	allow := map[string]string{
		createPath(projectA):                                    "OPTIONS, POST",
		services(projectA, "AWS"):                               "GET, HEAD, OPTIONS",
		services(projectA, "AWS") + "/" + noSuchID:              "DELETE, GET, HEAD, OPTIONS",
		"/groups/" + projectA + "/containers":                   "GET, HEAD, OPTIONS",
		"/groups/" + projectA + "/privateEndpoint/regionalMode": "GET, HEAD, OPTIONS, PATCH",
	}
	for path, want := range allow {
		for _, method := range []string{"PUT", "TRACE", "FOO", "get"} {
			a := b.ask(method, path, "")
			refused(t, a, 405, "METHOD_NOT_ALLOWED")
			require.Equal(t, want, a.Header().Get("Allow"))
		}
		a := b.ask("OPTIONS", path, "")
		require.Equal(t, 204, a.Code)
		require.Equal(t, want, a.Header().Get("Allow"))
	}
}

func TestE4UnknownPathsAndProjects(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{
		"", "/", "/nothing", "//groups/" + projectA + "/containers", "/groups/" + projectA, "/groups/" + projectA + "/", createPath(projectA) + "/",
		services(projectA, "AWS") + "/" + noSuchID + "/more", "/groups/" + projectA + "/../" + projectA + "/containers", "/groups%2F" + projectA + "/containers",
		strings.ToUpper(createPath(projectA)),
	} {
		refused(t, b.ask("GET", path, ""), 404, "RESOURCE_NOT_FOUND")
	}
	for _, target := range []string{services(noSuchID, "AWS"), services(noSuchID, "AWS") + "/" + noSuchID, "/groups/" + noSuchID + "/containers"} {
		refused(t, b.ask("GET", target, ""), 404, "GROUP_NOT_FOUND")
	}
	refused(t, b.ask("POST", createPath(noSuchID), createBody("AWS", "us-east-1")), 404, "GROUP_NOT_FOUND")
}

func TestE2DetailsAreClean(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.ask("POST", createPath(projectA), createBody("AWS", strings.Repeat("é\u0001", 200)))
	detail := a.object(t)["detail"].(string)
	require.Less(t, len(detail), 400)
	require.NotContains(t, detail, "\u0001")
	require.NotContains(t, b.ask("POST", createPath(projectA), "{").text(), ".go")
}
