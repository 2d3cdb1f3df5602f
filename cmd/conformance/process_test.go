package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long an interrupted program may take, many times what it
// needs.
const patience = 20 * time.Second

// process is a program that a script talks to while it runs.
type process struct {
	cmd    *exec.Cmd
	lines  *bufio.Reader
	output strings.Builder // the lines read so far
}

// start starts one of the script's programs in its folder and environment.
func (p *process) start(ts *testscript.TestScript, name string, args []string) {
	bin := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], name)
	p.cmd = exec.Command(bin, args...)
	p.cmd.Dir = ts.MkAbs(".")
	p.cmd.Stderr = os.Stderr
	p.cmd.Env = append(os.Environ(), "CONFORMANCE_KEY="+ts.Getenv("CONFORMANCE_KEY"))
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	p.lines = bufio.NewReader(out)
	ts.Check(p.cmd.Start())
	cmd := p.cmd
	ts.Defer(func() { // no more than a sigh where it has ended
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// until reads up to a line that matches and returns it.
func (p *process) until(ts *testscript.TestScript, pattern *regexp.Regexp) string {
	for {
		line, err := p.lines.ReadString('\n')
		p.output.WriteString(line)
		if line = strings.TrimSpace(line); pattern.MatchString(line) {
			return line
		}
		if err != nil {
			ts.Fatalf("no line of the output matches %s:\n%s", pattern, p.output.String())
		}
	}
}

// interrupt sends the signal of Ctrl-C and returns how the program ended.
func (p *process) interrupt(ts *testscript.TestScript) error {
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	slow := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer slow.Stop()
	_, err := io.Copy(&p.output, p.lines)
	ts.Check(err)
	return p.cmd.Wait()
}
