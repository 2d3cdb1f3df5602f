package main

import (
	"context"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	tr := &trier{cmd: &selftestCmd{Seed: 1, Timeout: span(2 * time.Second), Wait: span(3 * time.Second), Limit: span(time.Minute), Concurrency: 8}}
	if err := tr.prepare(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		begin := time.Now()
		if err := tr.sound(context.Background(), "documented"); err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(begin))
	}
}
