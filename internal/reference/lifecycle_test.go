package reference

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func status(t *testing.T, a answer) string {
	t.Helper()
	require.Equal(t, 200, a.Code, a.text())
	return a.object(t)["status"].(string)
}

func TestL1L2L3WholeLife(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "us-east-1")
	require.Equal(t, "INITIATING", status(t, b.get(projectA, "AWS", id)))
	b.clock.advance(time.Second - 1)
	require.Equal(t, "INITIATING", status(t, b.get(projectA, "AWS", id)))
	b.clock.advance(1)
	require.Equal(t, "WAITING_FOR_USER", status(t, b.get(projectA, "AWS", id)))
	ready := b.get(projectA, "AWS", id).object(t)
	b.clock.advance(24 * time.Hour)
	require.Equal(t, "WAITING_FOR_USER", status(t, b.get(projectA, "AWS", id)))

	require.Equal(t, 202, b.delete(projectA, "AWS", id).Code)
	deleting := b.get(projectA, "AWS", id).object(t)
	require.Equal(t, "DELETING", deleting["status"])
	require.Equal(t, ready["endpointServiceName"], deleting["endpointServiceName"], "names stay (L5)")
	require.Len(t, b.ask("GET", services(projectA, "AWS"), "").array(t), 1)
	b.clock.advance(time.Second / 2)
	require.Equal(t, 202, b.delete(projectA, "AWS", id).Code, "a second delete is accepted")
	b.clock.advance(time.Second / 2)
	refused(t, b.get(projectA, "AWS", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	refused(t, b.delete(projectA, "AWS", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	require.Empty(t, b.ask("GET", services(projectA, "AWS"), "").array(t))
}

func TestL3DeleteWhileInitiating(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Delete = time.Hour })
	id := b.create(projectA, "AZURE", "eastus2")
	require.Equal(t, 202, b.delete(projectA, "AZURE", id).Code)
	b.clock.advance(time.Minute)
	body := b.get(projectA, "AZURE", id).object(t)
	require.Equal(t, "DELETING", body["status"])
	require.Nil(t, body["privateLinkServiceName"], "it never became ready")
}

func TestL2S11Failed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.FailingRegions = []string{"us-west-1", "EUROPE_WEST"} })
	for provider, region := range map[string]string{"AWS": "US_WEST_1", "AZURE": "westeurope"} {
		id := b.create(projectA, provider, region)
		require.Equal(t, "INITIATING", status(t, b.get(projectA, provider, id)))
		require.Nil(t, b.get(projectA, provider, id).object(t)["errorMessage"])
		b.clock.advance(time.Second)
		body := b.get(projectA, provider, id).object(t)
		require.Equal(t, "FAILED", body["status"])
		require.NotEmpty(t, body["errorMessage"])
		require.Equal(t, 409, b.ask("POST", createPath(projectA), createBody(provider, region)).Code)
		require.Equal(t, 202, b.delete(projectA, provider, id).Code)
		require.Equal(t, "DELETING", status(t, b.get(projectA, provider, id)))
		b.clock.advance(time.Second)
		require.Equal(t, 404, b.get(projectA, provider, id).Code)
	}
	fine := b.create(projectA, "AWS", "us-east-1")
	b.clock.advance(time.Second)
	require.Equal(t, "WAITING_FOR_USER", status(t, b.get(projectA, "AWS", fine)))
}

func TestL5L6ReadsAgree(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	made := b.ask("POST", createPath(projectA), createBody("AWS", "us-east-1")).object(t)
	id := made["id"].(string)
	require.Equal(t, made, b.get(projectA, "AWS", id).object(t))
	require.Equal(t, []any{made}, b.ask("GET", services(projectA, "AWS"), "").array(t))
	b.clock.advance(time.Second)
	first := b.get(projectA, "AWS", id).text()
	for range 5 {
		b.clock.advance(time.Minute / 2)
		require.Equal(t, first, b.get(projectA, "AWS", id).text())
	}
}

func TestL5IDsAreNeverReused(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 3 {
		g := newIDs()
		for range 20_000 {
			id := g.next(now)
			require.True(t, isObjectID(id), id)
			require.False(t, seen[id], id)
			seen[id] = true
		}
	}
}

func TestL7OneServicePerRegion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const conflict = "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION"
	id := b.create(projectA, "AWS", "us-west-2")
	again := func(region string) answer { return b.ask("POST", createPath(projectA), createBody("AWS", region)) }
	for range 3 { // INITIATING, WAITING_FOR_USER, DELETING
		refused(t, again("us-west-2"), 409, conflict)
		refused(t, again("US_WEST_2"), 409, conflict)
		b.clock.advance(time.Second / 2)
		if b.clock.Now().Sub(newClock().Now()) == time.Second {
			require.Equal(t, 202, b.delete(projectA, "AWS", id).Code)
		}
	}
	b.create(projectA, "AZURE", "US_WEST_2")
	b.create(projectA, "AWS", "us-west-1")
	b.create(projectB, "AWS", "us-west-2")
}

func TestL7ManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.challenge()
	for _, region := range []string{"us-east-1", "eu-west-1", "ap-south-1"} {
		forms := []string{region, strings.ToUpper(strings.ReplaceAll(region, "-", "_"))}
		codes := make([]int, 64)
		var wg sync.WaitGroup
		for i := range codes {
			wg.Go(func() {
				codes[i] = b.ask("POST", createPath(projectA), createBody("AWS", forms[i%2])).Code
			})
		}
		wg.Wait()
		count := map[int]int{}
		for _, code := range codes {
			count[code]++
		}
		require.Equal(t, map[int]int{201: 1, 409: 63}, count)
	}
	require.Len(t, b.ask("GET", services(projectA, "AWS"), "").array(t), 3)
}

func TestL8RegionCanBeUsedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.create(projectA, "AWS", "us-east-1")
	b.delete(projectA, "AWS", first)
	b.clock.advance(time.Second)
	second := b.create(projectA, "AWS", "US_EAST_1")
	require.NotEqual(t, first, second)
	require.Equal(t, 404, b.get(projectA, "AWS", first).Code)
	require.Equal(t, 200, b.get(projectA, "AWS", second).Code)
}

func TestL9Containers(t *testing.T) {
	t.Parallel()
	b := newBench(t, observed)
	path := "/groups/" + projectA + "/containers"
	list := func(query string) []any {
		body := b.ask("GET", path+query, "").object(t)
		require.EqualValues(t, len(body["results"].([]any)), body["totalCount"])
		return body["results"].([]any)
	}
	require.Empty(t, list(""))
	id := b.create(projectA, "AWS", "us-east-1")
	b.create(projectA, "AWS", "us-east-2")
	b.create(projectA, "AZURE", "eastus2")
	b.create(projectA, "GCP", "us-central1")
	require.Len(t, list(""), 2)
	require.Len(t, list("?providerName=AWS"), 2)
	require.Len(t, list("?providerName=AZURE&pageNum=1"), 1)
	require.Empty(t, list("?providerName=GCP"))
	first := list("")[0].(map[string]any)
	require.Equal(t, "US_EAST_1", first["regionName"])
	require.Equal(t, "AWS", first["providerName"])
	require.True(t, isObjectID(first["id"].(string)))
	require.Equal(t, "US_EAST_2", list("?providerName=AZURE")[0].(map[string]any)["region"])

	b.delete(projectA, "AWS", id)
	b.clock.advance(time.Second)
	require.Len(t, list(""), 2, "containers outlive services")
	b.create(projectA, "AWS", "us-east-1")
	require.Equal(t, first, list("")[0], "and serve later ones")
	require.Zero(t, b.ask("GET", "/groups/"+projectB+"/containers", "").object(t)["totalCount"])
	for _, query := range []string{"?providerName=XX", "?providerName=", "?providerName=AWS&providerName=AWS", "?providerName=aws"} {
		refused(t, b.ask("GET", path+query, ""), 400, "INVALID_QUERY_PARAMETER")
	}
}

func TestL10Timings(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) {
		o.Timings = map[string]Timing{"AZURE": {Ready: time.Minute}, "AWS": {Ready: -1, Delete: -1}}
	})
	atOnce := b.create(projectA, "AWS", "us-east-1")
	slow := b.create(projectA, "AZURE", "eastus2")
	b.clock.advance(1)
	require.Equal(t, "WAITING_FOR_USER", status(t, b.get(projectA, "AWS", atOnce)))
	require.Equal(t, 202, b.delete(projectA, "AWS", atOnce).Code)
	require.Equal(t, 404, b.get(projectA, "AWS", atOnce).Code)
	b.clock.advance(time.Minute - 2)
	require.Equal(t, "INITIATING", status(t, b.get(projectA, "AZURE", slow)))
	b.clock.advance(1)
	require.Equal(t, "AVAILABLE", status(t, b.get(projectA, "AZURE", slow)))
}

func TestL10DefaultTimings(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Ready, o.Delete = 0, 0 })
	id := b.create(projectA, "AWS", "us-east-1")
	b.clock.advance(defaultReady)
	require.Equal(t, "WAITING_FOR_USER", status(t, b.get(projectA, "AWS", id)))
	b.delete(projectA, "AWS", id)
	b.clock.advance(defaultDelete - 1)
	require.Equal(t, "DELETING", status(t, b.get(projectA, "AWS", id)))
	b.clock.advance(1)
	require.Equal(t, 404, b.get(projectA, "AWS", id).Code)
}

func TestL12UnknownIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "us-east-1")
	refused(t, b.delete(projectA, "AWS", noSuchID), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	refused(t, b.get(projectA, "AZURE", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	refused(t, b.delete(projectA, "AZURE", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	require.Equal(t, "INITIATING", status(t, b.get(projectA, "AWS", id)))
}

func TestL13ProjectsAreApart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.create(projectA, "AWS", "us-east-1")
	refused(t, b.get(projectB, "AWS", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	refused(t, b.delete(projectB, "AWS", id), 404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	require.Empty(t, b.ask("GET", services(projectB, "AWS"), "").array(t))
	other := b.create(projectB, "AWS", "us-east-1")
	require.NotEqual(t, id, other)
	require.Equal(t, http.StatusAccepted, b.delete(projectB, "AWS", other).Code)
	require.Equal(t, "INITIATING", status(t, b.get(projectA, "AWS", id)))
}

func TestO2ListIsInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var want []string
	for _, region := range []string{"us-west-2", "ap-south-1", "eu-west-1", "us-east-1"} {
		want = append(want, b.create(projectA, "AWS", region))
	}
	var got []string
	for _, v := range b.ask("GET", services(projectA, "AWS"), "").array(t) {
		got = append(got, v.(map[string]any)["id"].(string))
	}
	require.Equal(t, want, got)
}
