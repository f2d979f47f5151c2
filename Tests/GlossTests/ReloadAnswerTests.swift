import Testing

@testable import gloss

@Suite struct ReloadAnswerTests {
    @Test func changesAndFaultsAreALineEach() {
        let taken =
            "{\"changes\":[{\"change\":\"stages.a: added\",\"column\":3,\"line\":7,\"path\":\"stages.a\"}],"
            + "\"outcome\":\"applied\",\"v\":1}"
        #expect(ReloadAnswer.lines(of: taken) == ["the file was read again and runs now:", "  stages.a: added"])
        let same = "{\"changes\":[],\"outcome\":\"unchanged\",\"v\":1}"
        #expect(ReloadAnswer.lines(of: same) == ["nothing has changed: the file says what runs"])
        let refused =
            "{\"diagnostics\":[{\"code\":\"E618\",\"column\":9,\"help\":\"put it back\",\"line\":3,"
            + "\"message\":\"no\\u001b[1m\"},{\"code\":\"E101\",\"message\":\"bad\"}],\"error\":{}}"
        #expect(ReloadAnswer.findings(in: refused) == ["3:9: E618 no[1m; put it back", "E101 bad"])
        #expect(ReloadAnswer.findings(in: "<html>").isEmpty)
    }
}
