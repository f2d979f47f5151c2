import Testing

@testable import Reports

@Suite struct PassageLineTests {
    @Test func aPassageThatFitsIsShownWhole() {
        #expect(
            PassageLine.cut("And God said, <<Let>> there be light", to: 40) == "And God said, <<Let>> there be light")
    }

    @Test(arguments: [
        ("aaaaaaaaaa<<b>>cccccccccc", "…aaa<<b>>cc…"), ("<<b>>cccccccccccccccccccc", "<<b>>cccccc…"),
        ("aaaaaaaaaaaaaaaaaaaa<<b>>", "…aaaaaa<<b>>"), ("aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaa…"),
    ])
    func aLongOneIsCutSoThatItsFirstMarkIsSeen(passage: String, expected: String) {
        #expect(PassageLine.cut(passage, to: 12) == expected)
    }

    @Test func whateverTheTextItFitsAndKeepsTheFirstMark() {
        for before in 0..<60 {
            for after in 0..<40 {
                let passage =
                    String(repeating: "a", count: before) + "<<é>>" + String(repeating: "c", count: after)
                let cut = PassageLine.cut(passage, to: 30)
                #expect(cut.count == min(30, passage.count), "\(before) \(after)")
                #expect(cut.contains("<<é>>"), "\(before) \(after): \(cut)")
            }
        }
    }

    @Test func whatSteersATerminalIsLeftOut() {
        #expect(PassageLine.cut("a\u{1B}[31m<<b>>\n", to: 30) == "a[31m<<b>> ")
    }
}
