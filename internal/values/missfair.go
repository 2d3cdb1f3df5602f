package values

import "strings"

// share is what one keyword has to break at one place.
type share struct {
	place  place
	misses []miss
}

// next sends one of the share; it tells false where none is left.
func (w *wronger) next(s *share) bool {
	for len(s.misses) > 0 {
		m := s.misses[0]
		s.misses = s.misses[1:]
		if w.send(s.place, m) {
			return true
		}
	}
	return false
}

// fairly sends one near miss of every keyword at every place before it sends a
// second of any. Keywords take turns, so that those of which there are few, a
// condition at the top say, are not lost behind the types of all the members of
// a hundred alternatives.
func (w *wronger) fairly(places []place, lists [][]miss) {
	queues := shares(places, lists)
	for more := true; more; {
		more = false
		for turn := range longestOf(queues) {
			for _, queue := range queues {
				if turn >= len(queue) {
					continue
				}
				more = w.next(queue[turn]) || more
				if w.st.ended {
					return
				}
			}
		}
	}
}

// shares are those of each keyword, in the order of the places; keywords come
// in the order in which they first appear.
func shares(places []place, lists [][]miss) [][]*share {
	var out [][]*share
	number := map[string]int{}
	for i, p := range places {
		at := map[string]*share{}
		for _, m := range lists[i] {
			key := m.subject()
			if at[key] == nil {
				at[key] = &share{place: p}
				if _, known := number[key]; !known {
					number[key] = len(out)
					out = append(out, nil)
				}
				out[number[key]] = append(out[number[key]], at[key])
			}
			at[key].misses = append(at[key].misses, m)
		}
	}
	return out
}

// subject is the keyword that a miss is about: the one that it breaks, or that
// asks for what it breaks, such as then.
func (m miss) subject() string {
	if m.keyword != "" {
		return m.keyword
	}
	word, _, _ := strings.Cut(m.detail, ".")
	word, _, _ = strings.Cut(word, "-")
	return word
}

func longestOf(queues [][]*share) int {
	n := 0
	for _, queue := range queues {
		n = max(n, len(queue))
	}
	return n
}
