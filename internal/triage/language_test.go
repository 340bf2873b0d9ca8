package triage

import (
	"strings"
	"testing"
)

// spoken are sentences none of which is in the lists the model is trained on.
var spoken = map[string][]string{
	"en": {"my boiler broke again last night", "any chance of a seat by the window?", "cheers for sorting that out", "what time do you close", "parking is a nightmare around here"},
	"de": {"meine Heizung ist gestern Nacht ausgefallen", "gibt es noch Plätze am Fenster?", "wann schließt ihr", "hab ich mir schon gedacht", "das Parken hier ist ein Albtraum"},
	"fr": {"ma chaudière est tombée en panne cette nuit", "il reste des places côté fenêtre ?", "vous fermez à quelle heure", "trop cool", "se garer ici est un cauchemar"},
	"es": {"anoche se me estropeó la caldera", "¿quedan asientos de ventanilla?", "a qué hora cerráis", "ya me lo imaginaba", "aparcar aquí es una pesadilla"},
	"it": {"ieri notte si è rotta la caldaia", "ci sono ancora posti al finestrino?", "a che ora chiudete", "me lo immaginavo", "parcheggiare qui è un incubo"},
	"pt": {"a caldeira avariou ontem à noite", "ainda há lugares à janela?", "a que horas fecham", "já imaginava", "estacionar aqui é um pesadelo"},
	"nl": {"mijn ketel is vannacht stukgegaan", "zijn er nog plaatsen bij het raam?", "hoe laat gaan jullie dicht", "dat dacht ik al", "parkeren is hier een nachtmerrie"},
	"pl": {"wczoraj w nocy zepsuł się piec", "czy są jeszcze miejsca przy oknie?", "o której zamykacie", "tak myślałem", "parkowanie tutaj to koszmar"},
	"sv": {"min panna gick sönder i natt", "finns det platser kvar vid fönstret?", "när stänger ni", "det trodde jag väl", "det är en mardröm att parkera här"},
	"da": {"mit fyr gik i stykker i nat", "er der flere pladser ved vinduet?", "hvornår lukker I", "det tænkte jeg nok", "det er et mareridt at parkere her"},
	"nb": {"fyren min røk i natt", "er det noen plasser igjen ved vinduet?", "når stenger dere", "det tenkte jeg nok", "det er et mareritt å parkere her"},
	"fi": {"kattilani hajosi viime yönä", "onko ikkunapaikkoja vielä jäljellä?", "mihin aikaan suljette", "sitähän minäkin", "pysäköinti täällä on painajainen"},
	"cs": {"v noci se mi rozbil kotel", "jsou ještě volná místa u okna?", "v kolik zavíráte", "to jsem si myslel", "parkování tady je noční můra"},
	"ro": {"mi s-a stricat centrala azi-noapte", "mai sunt locuri la geam?", "la ce oră închideți", "așa mă gândeam", "e un coșmar să parchezi aici"},
	"hu": {"az éjjel elromlott a kazánom", "van még hely az ablaknál?", "mikor zárnak", "gondoltam", "rémálom itt parkolni"},
	"tr": {"dün gece kombim bozuldu", "pencere kenarında yer kaldı mı?", "kaçta kapatıyorsunuz", "tahmin etmiştim", "burada park etmek kabus gibi"},
	"ru": {"ночью сломался котёл", "остались места у окна?", "во сколько вы закрываетесь", "так я и думал", "парковаться здесь кошмар"},
	"uk": {"вночі зламався котел", "чи залишилися місця біля вікна?", "о котрій ви зачиняєтесь", "так я і думав", "паркуватися тут жах"},
	"el": {"χάλασε ο λέβητας χθες το βράδυ", "τι ώρα κλείνετε"},
	"ja": {"昨日の夜ボイラーが壊れました", "何時に閉まりますか"},
	"zh": {"我的订单还没有到", "你们几点关门"},
	"ko": {"어젯밤에 보일러가 고장났어요", "몇 시에 닫나요"},
	"fa": {"دیشب پکیج خراب شد", "سفارش من هنوز نرسیده است"},
	"ur": {"میرا آرڈر ابھی تک نہیں آیا", "آپ کب بند کرتے ہیں"},
	"sr": {"моја поруџбина још није стигла", "када затварате"},
	"bg": {"котелът се развали снощи", "поръчката ми още не е пристигнала, къде е тя"},
	"be": {"мая замова яшчэ не прыйшла, дзе яна ў вас"},
	"vi": {"đơn hàng của tôi vẫn chưa đến", "mấy giờ cửa hàng đóng cửa"},
	"mr": {"माझी ऑर्डर अजून मिळाली नाही, कधी मिळेल ते कळवा"},
	"ar": {"تعطلت الغلاية الليلة الماضية", "متى تغلقون"},
}

func languageOf(text string) Language {
	s := newScratch()
	defer s.free()
	s.scan(text, 1)
	return s.language(len(s.words), "", "")
}

func TestLanguagesAreToldApart(t *testing.T) {
	right, all := 0, 0
	for code, texts := range spoken {
		for _, text := range texts {
			all++
			if l := languageOf(text); l.Code == code {
				right++
			} else {
				t.Logf("%q is %s; taken for %s (%.2f)", text, code, l.Code, l.Confidence)
			}
		}
	}
	t.Logf("%d of %d", right, all)
	if right*100 < 92*all {
		t.Errorf("%d of %d right; want 92 %%", right, all)
	}
}

// The departments' phrases are not trained on: a few words each, without the little words that give a language away.
func TestFewWordsAreTakenForTheRightLanguage(t *testing.T) {
	right, all := 0, 0
	for _, code := range Packs().Languages {
		for _, d := range Packs().Departments(code) {
			for _, p := range d.Phrases {
				if len(strings.Fields(p)) < 4 {
					continue
				}
				all++
				if l := languageOf(p); l.Code == code {
					right++
				} else if testing.Verbose() {
					t.Logf("%q is %s; taken for %s (%.2f)", p, code, l.Code, l.Confidence)
				}
			}
		}
	}
	t.Logf("%d of %d", right, all)
	if right*100 < 94*all {
		t.Errorf("%d of %d right; want 94 %%", right, all)
	}
}

func TestLanguageIsUnknownWithoutLetters(t *testing.T) {
	for _, text := range []string{"", "😀", "12345", "https://x.example/de/deutsch", "@bob @ann", "?!"} {
		if l := languageOf(text); l.Code != "und" {
			t.Errorf("%q is %s; want und", text, l.Code)
		}
	}
}

func TestWhatTheAuthorWroteBeforeDecidesWhenTheWordsDoNot(t *testing.T) {
	s := newScratch()
	defer s.free()
	s.scan("ok super", 1)
	if l := s.language(2, "pl", ""); l.Code != "pl" {
		t.Errorf("language = %v; want pl", l)
	}
	s.reset()
	s.scan("where is my parcel, it should have been here on Friday", 1)
	if l := s.language(len(s.words), "pl", "pl"); l.Code != "en" {
		t.Errorf("language = %v; want en whatever came before", l)
	}
}

func BenchmarkLanguage(b *testing.B) {
	text := strings.Repeat("where is my parcel, it should have been here on Friday ", 5)
	languageOf(text)
	s := newScratch()
	s.scan(text, 1)
	for b.Loop() {
		s.language(len(s.words), "", "")
	}
}

// What was said before counts in its own script, too.
func TestAWordIsTakenForTheLanguageOfItsConversation(t *testing.T) {
	for thread, want := range map[string]string{"Guten Tag, könnten Sie uns bitte Ihre Kundennummer nennen?": "de", "Dzień dobry, czy może pan podać numer zamówienia?": "pl",
		"Здравствуйте, напишите, пожалуйста, номер вашего заказа": "ru", "ご注文番号を教えてください": "und"} {
		s := newScratch()
		own := s.read(&Input{Text: "4711", Thread: []Said{{Own: true, Text: thread}}})
		if l := s.language(own, "", ""); l.Code != want {
			t.Errorf("a number after %q is %s; want %s", thread, l.Code, want)
		}
		s.free()
	}
}
