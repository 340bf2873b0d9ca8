package triage

// TongueOf guesses the language of a text by itself, with nothing known of who wrote it.
func TongueOf(text string) Language {
	s := newScratch()
	defer s.free()
	own := s.read(&Input{Text: text})
	s.muted = s.mute(own)
	return s.language(own, "", "")
}
