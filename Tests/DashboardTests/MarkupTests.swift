import Testing

@testable import Dashboard

@Suite struct MarkupTests {
    @Test func textAndAttributesAreEscaped() {
        let html = Markup.element("p", ["title": "\"a\" & 'b'", "hidden": nil, "id": ""]) { "<b> & \"c\"" }.html
        #expect(html == "<p title=\"&quot;a&quot; &amp; &#39;b&#39;\" id=\"\">&lt;b&gt; &amp; &quot;c&quot;</p>")
    }

    @Test func aMarkThatCombinesHidesNoSignFromEscaping() {
        // As characters these are no `"`, `<` and `&`; as scalars a browser sees them.
        for mark in ["\u{301}", "\u{338}", "\u{200D}", "\u{FE0F}"] {
            let html = Markup.element("p", ["title": "\"\(mark) onload=x"]) { "<\(mark)script>&\(mark)lt;" }.html
            #expect(html.unicodeScalars.count { $0 == "\"" } == 2, "\(html)")
            #expect(html.unicodeScalars.count { $0 == "<" } == 2, "\(html)")
            #expect(!html.unicodeScalars.contains("'"))
        }
    }

    @Test func lineEndsOfOneCharacterAreEscapedAsTheRest() {
        let html = Markup.text("<\r\n>\0").html
        #expect(html == "&lt;\r\n&gt;\u{FFFD}")
    }

    @Test func elementsWithoutContentHaveNoClosingTag() {
        #expect(Markup.element("input", ["name": "q"]).html == "<input name=\"q\">")
        #expect(Markup.element("td").html == "<td></td>")
    }

    @Test func piecesStandInTheirOrder() {
        let html = Markup.element("ul") {
            for number in 1...2 { Markup.element("li") { "\(number)" } }
            if isEmpty { "never" } else { "end" }
        }.html
        #expect(html == "<ul><li>1</li><li>2</li>end</ul>")
    }

    private let isEmpty = false
}
