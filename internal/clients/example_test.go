package clients

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/icholy/digest"

	"github.com/atlas-contract/conformance/gen"
	"github.com/atlas-contract/conformance/internal/reference"
)

const project = "5f7cac1adf5d6c6306f4b283"

// A service is created through the generated client. Digest credentials are a
// matter of its http.Client.
func Example() {
	server, err := start(reference.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	if err := create(context.Background(), server.URL+"/api/atlas/v1.0"); err != nil {
		fmt.Println(err)
	}
	// Output: 201 Created INITIATING
}

// create is the README's example.
func create(ctx context.Context, url string) error {
	signed := &http.Client{Transport: &digest.Transport{Username: "public", Password: "secret"}} // github.com/icholy/digest
	client, err := gen.NewClientWithResponses(url, gen.WithHTTPClient(signed))
	if err != nil {
		return err
	}
	reply, err := client.CreatePrivateEndpointServiceWithResponse(ctx, "5f7cac1adf5d6c6306f4b283", nil,
		gen.CreateServiceRequest{ProviderName: gen.ProviderNameAWS, Region: "us-east-1"})
	if err != nil {
		return err
	}
	service, err := reply.JSON201.AsAWSService()
	if err != nil {
		return err
	}
	fmt.Println(reply.Status(), service.Status)
	return nil
}

// start puts a reference server on a free port, with one owner and one project.
func start(o reference.Options) (*httptest.Server, error) {
	o.Projects = []string{project}
	o.Credentials = map[string]reference.Credential{
		"public": {Key: "secret", Roles: map[string]reference.Role{project: reference.Owner}},
	}
	s, err := reference.New(o)
	if err != nil {
		return nil, err
	}
	return httptest.NewServer(s), nil
}
