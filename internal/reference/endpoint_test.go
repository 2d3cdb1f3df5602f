package reference

import (
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const resourceID = "/subscriptions/00000000-0000-4000-a000-000000000000/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/atlas"

// attachment is one endpoint, in the words of its provider.
type attachment struct {
	provider, region string
	id, body         string
	// shown is the member of the reply with the id, status the one with the
	// state, list the member of the service.
	shown, status, list string
	first               string
}

func attachments() []attachment {
	return []attachment{
		{
			"AWS", "us-east-1", "vpce-0a1b2c3d4e5f60718", `{"id":"vpce-0a1b2c3d4e5f60718"}`,
			"interfaceEndpointId", "connectionStatus", "interfaceEndpoints", "PENDING",
		},
		{
			"AZURE", "eastus2", resourceID, `{"id":"` + resourceID + `","privateEndpointIPAddress":"10.0.0.4"}`,
			"privateEndpointResourceId", "status", "privateEndpoints", "INITIATING",
		},
		{
			"GCP", "us-central1", "atlas-group",
			`{"endpointGroupName":"atlas-group","gcpProjectId":"p-network","endpoints":[{"endpointName":"atlas-0","ipAddress":"10.0.0.4"}]}`,
			"endpointGroupName", "status", "endpointGroupNames", "INITIATING",
		},
	}
}

func endpointsPath(project, provider, service string) string {
	return services(project, provider) + "/" + service + "/endpoint"
}

func endpointPath(project, provider, service, id string) string {
	return endpointsPath(project, provider, service) + "/" + url.PathEscape(id)
}

func (b *bench) attach(service string, a attachment) answer {
	return b.ask(http.MethodPost, endpointsPath(projectA, a.provider, service), a.body)
}

// ready makes a service that is.
func (b *bench) ready(a attachment) string {
	b.t.Helper()
	id := b.create(projectA, a.provider, a.region)
	b.clock.advance(time.Second)
	return id
}

func eachAttachment(t *testing.T, test func(*testing.T, *bench, attachment)) {
	t.Helper()
	t.Parallel()
	for _, a := range attachments() {
		t.Run(a.provider, func(t *testing.T) {
			t.Parallel()
			test(t, newBench(t, observed), a)
		})
	}
}

func TestO5O6AnEndpointThroughItsLife(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		service := b.ready(a)
		one := endpointPath(projectA, a.provider, service, a.id)
		list := func() any { return b.get(projectA, a.provider, service).object(t)[a.list] }
		look := func() map[string]any { return b.ask("GET", one, "").object(t) }
		require.Equal(t, []any{}, list())

		made := b.attach(service, a)
		require.Equal(t, 201, made.Code, made.text())
		require.Equal(t, a.id, made.object(t)[a.shown])
		require.Equal(t, a.first, made.object(t)[a.status])
		require.Equal(t, false, made.object(t)["deleteRequested"])
		require.Contains(t, made.object(t), "errorMessage")
		require.Equal(t, made.object(t), look())
		require.Equal(t, []any{a.id}, list())
		require.Equal(t, []any{a.id}, b.ask("GET", services(projectA, a.provider), "").array(t)[0].(map[string]any)[a.list])
		b.clock.advance(time.Second)
		require.Equal(t, "AVAILABLE", look()[a.status])

		require.Equal(t, "{}", b.ask("DELETE", one, "").text())
		require.Equal(t, "DELETING", look()[a.status])
		require.Equal(t, true, look()["deleteRequested"])
		require.Equal(t, []any{a.id}, list(), "it is there until it is gone")
		b.clock.advance(time.Second / 2)
		require.Equal(t, 202, b.ask("DELETE", one, "").Code, "a second removal is accepted")
		b.clock.advance(time.Second / 2)
		refused(t, b.ask("GET", one, ""), 404, "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND")
		refused(t, b.ask("DELETE", one, ""), 404, "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND")
		require.Equal(t, []any{}, list())
		require.Equal(t, 201, b.attach(service, a).Code, "and can be attached again")
	})
}

func TestO5OnlyAReadyServiceAcceptsEndpoints(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		const code = "PRIVATELINK_CANNOT_ACCEPT_ENDPOINTS"
		service := b.create(projectA, a.provider, a.region)
		refused(t, b.attach(service, a), 409, code)
		b.clock.advance(time.Second)
		require.Equal(t, 202, b.delete(projectA, a.provider, service).Code)
		refused(t, b.attach(service, a), 409, code)
		b.clock.advance(time.Second)
		refused(t, b.attach(service, a), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	})
}

func TestO5AFailedServiceAcceptsNoEndpoints(t *testing.T) {
	t.Parallel()
	a := attachments()[0]
	b := newBench(t, func(o *Options) { o.FailingRegions = []string{a.region} })
	refused(t, b.attach(b.ready(a), a), 409, "PRIVATELINK_CANNOT_ACCEPT_ENDPOINTS")
}

func TestL11AServiceWithEndpointsIsNotDeleted(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		const code = "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS"
		service := b.ready(a)
		require.Equal(t, 201, b.attach(service, a).Code)
		refused(t, b.delete(projectA, a.provider, service), 409, code)
		require.Equal(t, "AVAILABLE", status(t, b.get(projectA, a.provider, service)))
		require.Equal(t, 202, b.ask("DELETE", endpointPath(projectA, a.provider, service, a.id), "").Code)
		refused(t, b.delete(projectA, a.provider, service), 409, code)
		b.clock.advance(time.Second)
		require.Equal(t, 202, b.delete(projectA, a.provider, service).Code)
	})
}

func TestO5AnIDIsAttachedOnce(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		const code = "PRIVATELINK_INTERFACE_ENDPOINT_ALREADY_EXISTS"
		service := b.ready(a)
		codes := make(chan int, 8)
		var all sync.WaitGroup
		for range cap(codes) {
			all.Go(func() { codes <- b.attach(service, a).Code })
		}
		all.Wait()
		close(codes)
		count := map[int]int{}
		for c := range codes {
			count[c]++
		}
		require.Equal(t, map[int]int{201: 1, 409: cap(codes) - 1}, count)
		require.Equal(t, 202, b.ask("DELETE", endpointPath(projectA, a.provider, service, a.id), "").Code)
		refused(t, b.attach(service, a), 409, code)
	})
}

func TestO5TwoEndpointsAreInTheirOrder(t *testing.T) {
	t.Parallel()
	b, a := newBench(t), attachments()[0]
	service := b.ready(a)
	path := endpointsPath(projectA, "AWS", service)
	for _, id := range []string{"vpce-2", "vpce-1", "vpce-3"} {
		require.Equal(t, 201, b.ask("POST", path, `{"id":"`+id+`"}`).Code)
	}
	require.Equal(t, 202, b.ask("DELETE", path+"/vpce-1", "").Code)
	b.clock.advance(time.Second)
	require.Equal(t, []any{"vpce-2", "vpce-3"}, b.get(projectA, "AWS", service).object(t)["interfaceEndpoints"])
}

func TestO6WhatIsNotThere(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		service := b.ready(a)
		require.Equal(t, 201, b.attach(service, a).Code)
		for _, method := range []string{"GET", "DELETE"} {
			at := func(project, provider, service, id string) answer {
				return b.ask(method, endpointPath(project, provider, service, id), "")
			}
			refused(t, at(projectA, a.provider, service, a.id+"0"), 404, "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND")
			refused(t, at(projectA, a.provider, noSuchID, a.id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
			refused(t, at(projectB, a.provider, service, a.id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
			refused(t, at(noSuchID, a.provider, service, a.id), 404, "GROUP_NOT_FOUND")
			refused(t, at(projectA, a.provider, "x", a.id), 400, "PATH_PARAM_PARSE_ERROR")
			refused(t, at(projectA, "ORACLE", service, a.id), 400, "INVALID_PATH_PARAMETER")
		}
		refused(t, b.ask("POST", endpointsPath(projectB, a.provider, service), a.body), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
		refused(t, b.ask("POST", endpointsPath(projectA, a.provider, noSuchID), a.body), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	})
}

func TestO6AnIDThatCannotBe(t *testing.T) {
	t.Parallel()
	b, a := newBench(t), attachments()[0]
	service := b.ready(a)
	for _, id := range []string{"eni-1", "vpce-", "vpce-1/2", "VPCE-1", ""} {
		refused(t, b.ask("GET", endpointPath(projectA, "AWS", service, id), ""), 404, "PRIVATELINK_INTERFACE_ENDPOINT_ID_MALFORMED")
	}
}

func TestGCPHasNoEndpointsInTheDocuments(t *testing.T) {
	t.Parallel()
	a := attachments()[2]
	refused(t, newBench(t).attach(noSuchID, a), 400, "INVALID_PATH_PARAMETER")
}

func TestA7RolesOnEndpoints(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		service := b.ready(a)
		require.Equal(t, 201, b.attach(service, a).Code)
		one := endpointPath(projectA, a.provider, service, a.id)
		require.Equal(t, 200, b.as("reader", "readerkey", "GET", one, "").Code)
		refused(t, b.as("reader", "readerkey", "DELETE", one, ""), 403, "ACCESS_FORBIDDEN")
		refused(t, b.as("none", "nonekey", "GET", one, ""), 401, "NOT_IN_GROUP")
	})
}

func TestF1F6FlagsOnEndpoints(t *testing.T) {
	eachAttachment(t, func(t *testing.T, b *bench, a attachment) {
		service := b.ready(a)
		made := b.ask("POST", endpointsPath(projectA, a.provider, service)+"?envelope=true", a.body).object(t)
		require.EqualValues(t, 201, made["status"])
		require.Equal(t, a.id, made["content"].(map[string]any)[a.shown])
		one := endpointPath(projectA, a.provider, service, a.id)
		plain, pretty := b.ask("GET", one, ""), b.ask("GET", one+"?pretty=true", "")
		require.NotContains(t, plain.text(), "\n")
		require.Contains(t, pretty.text(), "\n")
		require.Equal(t, plain.object(t), pretty.object(t))
	})
}

func TestE3MethodsOfEndpoints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.ask("GET", endpointsPath(projectA, "AWS", noSuchID), "")
	require.Equal(t, 405, a.Code)
	require.Equal(t, "OPTIONS, POST", a.Header().Get("Allow"))
	a = b.ask("PUT", endpointPath(projectA, "AWS", noSuchID, "vpce-1"), "")
	require.Equal(t, 405, a.Code)
	require.Equal(t, "DELETE, GET, HEAD, OPTIONS", a.Header().Get("Allow"))
}

func TestAZURENamesItsConnectionOnceItIsMade(t *testing.T) {
	t.Parallel()
	b, a := newBench(t), attachments()[1]
	service := b.ready(a)
	one := endpointPath(projectA, a.provider, service, a.id)
	name := func() any { return b.ask("GET", one, "").object(t)["privateEndpointConnectionName"] }
	require.Nil(t, b.attach(service, a).object(t)["privateEndpointConnectionName"])
	b.clock.advance(time.Second - 1)
	require.Nil(t, name())
	b.clock.advance(1)
	made := name()
	require.IsType(t, "", made)
	require.Equal(t, 202, b.ask("DELETE", one, "").Code)
	require.Equal(t, made, name())
}

func TestEndpointsOutliveARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	keep := func(o *Options) { o.State, o.Profile = file, Observed }
	first, ids := newBench(t, keep), map[string]string{}
	for _, a := range attachments() {
		ids[a.provider] = first.ready(a)
		require.Equal(t, 201, first.attach(ids[a.provider], a).Code)
	}
	shown := map[string]string{}
	first.clock.advance(time.Second)
	for _, a := range attachments() {
		shown[a.provider] = first.ask("GET", endpointPath(projectA, a.provider, ids[a.provider], a.id), "").text()
	}
	require.NoError(t, first.Close())

	second := newBench(t, keep)
	second.clock.advance(first.clock.Now().Sub(second.clock.Now()))
	for _, a := range attachments() {
		require.Equal(t, shown[a.provider], second.ask("GET", endpointPath(projectA, a.provider, ids[a.provider], a.id), "").text())
		refused(t, second.delete(projectA, a.provider, ids[a.provider]), 409, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS")
		require.Equal(t, 202, second.ask("DELETE", endpointPath(projectA, a.provider, ids[a.provider], a.id), "").Code)
	}
}
