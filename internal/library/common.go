package library

import "strings"

// common are words that say nothing about what somebody asks, folded: they stand in every question.
var common = func() map[string]bool {
	out := map[string]bool{}
	for _, list := range []string{
		`the and for with that this these those you your yours are was were have has had not but can could would should will shall how what when where which who why
		from about into out than then there their they them our ours its his her him she did does been being any some all just also very please thank thanks hello
		hey dear good morning evening regards here get got let know need want like help there one two too now may might must again after before over`,
		`der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren bin habe hat haben hatte nicht kein keine mit fur von zum zur
		bei aus auf uber unter nach vor wie was wann wer wen wem warum wieso wenn dann dass sich ich sie wir ihr euch uns mir mich dir dich ihnen mein meine meinen
		dein ihre ihren ihrer unser kann konnen konnte wird werden wurde mochte muss soll bitte danke vielen hallo guten tag abend morgen liebe lieber grusse gruss noch schon auch nur mal sehr hier da`,
		`les des une est sont etait pas que qui quoi quand comment pourquoi dans pour avec sur sous par vous votre vos nous notre nos mon mes ton tes son ses leur
		leurs elle ils elles cette ces cet mais donc car ont avez avons suis etes peut puis pouvez voudrais merci bonjour bonsoir salut cordialement tres bien aussi plus encore aux`,
		`los las una unos unas del que quien como cuando donde por para con sin sobre pero mas muy este esta estos estas eso ese mis sus nuestro ustedes usted
		soy son fue han tengo tiene puedo puede quiero gracias hola buenos dias buenas favor`,
		`gli una uno del della dei delle che chi come quando dove perche per con senza sono era hai abbiamo avete questo questa questi queste mio mia miei suo sua
		vostro posso puo vorrei grazie ciao buongiorno salve piu molto anche`,
		`het een van voor met aan bij uit over niet geen maar ook nog wel dan dat dit deze die wie wat waar waarom hoe wanneer ben zijn was heb heeft hebben kan
		kunnen wil wilt mijn jouw uw ons onze graag bedankt hallo goedendag dag`,
		`uma uns umas dos das que quem como quando onde porque por para com sem sobre mas mais muito este esta isso meu minha seu sua nosso sou sao foi tem tenho
		posso pode quero obrigado obrigada ola bom dia boa tarde voce`,
		`nie jest sie czy jak kiedy gdzie dlaczego dla oraz ale moj moja mam moge prosze dziekuje dzien dobry witam`,
	} {
		for _, w := range strings.Fields(list) {
			out[w] = true
		}
	}
	return out
}()
