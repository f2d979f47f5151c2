import Testing

@testable import LanguageModels

@Suite struct TokenRowsTests {
    @Test func textsStandOneAfterTheOther() {
        let rows = TokenRows([(first: 0, count: 5), (first: 130, count: 0), (first: 61, count: 10)])
        #expect(rows.count == 15 && rows.spans.map(\.rows) == [0..<5, 5..<5, 5..<15])
        #expect(rows.spans[2] == TokenRows.Span(text: 2, first: 61, count: 10, row: 5))
        #expect(TokenRows([]).count == 0)
    }
}
