"""What is special about the people of the demo."""

from flask_babel import lazy_gettext as _l

REFUSAL = "W tym roku nie szukamy już osób do teatrzyku."
NOTES: dict[str, object] = {
    "koordynatorka@demo-gromadka.example": _l("runs the desk"),
    "ochrona@demo-gromadka.example": _l("looks after papers and standards"),
    "admin@demo-gromadka.example": _l("invites staff and gives roles"),
    "ada.demowska@poczta.example": _l("cleared, painting on Saturdays"),
    "celina.probna@poczta.example": _l("16 years old, a guardian's consent is missing"),
    "ewa.zmyslona@poczta.example": _l("one paper is missing"),
    "fedir.vzirets@poczta.example": _l("a foreign record is missing"),
    "gaja.szkicowa@poczta.example": _l("works from home, needs no papers"),
    "hubert.testowy@poczta.example": _l("a short agreement without insurance"),
    "iga.wzorcowa@poczta.example": _l("14 years old, with a guardian's consent"),
    "natan.atrapa@poczta.example": _l("on a break"),
    "piotr.pozorny@poczta.example": _l("a paper is out of date"),
    "roza.ideowa@poczta.example": _l("will soon be 18"),
    "stas.domyslny@poczta.example": _l("three times absent without a word"),
    "tola.abstrakt@poczta.example": _l("needs places without steps"),
    "ula.hipoteza@poczta.example": _l("came very often lately"),
    "wit.zapasowy@poczta.example": _l("stands by for the last moment"),
    "xena.literowka@poczta.example": _l("has not confirmed her address"),
    "yan.teoretyczny@poczta.example": _l("lived abroad, records are missing"),
    "zoja.urojona@poczta.example": _l("the agreement ends soon"),
    "zaneta.bajkowa@poczta.example": _l("was not admitted"),
}
