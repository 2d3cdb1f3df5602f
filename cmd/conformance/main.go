// Command conformance holds a server to its OpenAPI document.
//
// The program is thin: each command reads its flags into a struct of options
// (one file per command), puts the stages of the flow together, has the
// verdicts rendered, and returns an exit code. What a contract, a case or a
// check is, it does not know.
//
// Exit codes: 0, the contract is kept; 1, it is broken; 2, the usage, the
// configuration or an input is bad, or there was nothing to judge; 3, the
// target could not be asked.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	log.SetOutput(io.Discard) // net/http would write there what a target sent out of turn
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
