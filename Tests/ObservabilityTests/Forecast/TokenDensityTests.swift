import Testing

@testable import Observability

@Suite struct TokenDensityTests {
    /// Reads 1000 units of 8 tokens, 10 a second, of which 100 wait to be cut into tokens as long as there are more.
    private func moment(_ second: Int, waiting: Int = 100) -> RunMoment {
        let read = min(1000, 10 * second + waiting)
        let cut = 8 * min(1000, 10 * second)
        return RunMoment(
            seconds: Double(second), tokensRead: cut, tokens: max(0, cut - 40),
            extents: [SourceExtent(read: Int64(read), left: Int64(1000 - read))])
    }

    @Test func whatWaitsToBeCutIsNotTakenForShortDocuments() throws {
        var density = TokenDensity()
        for second in 0...5 { density.note(moment(second)) }
        #expect(density.expected == nil)
        for second in 6...30 { density.note(moment(second)) }
        let expected = try #require(density.expected)
        #expect(abs(expected - 8000) < 1)
        // Tokens over what was read would be 2400 of 400 units.
        #expect(moment(30).tokensLeft.map { $0 + Double(moment(30).tokens) < 6100 } == true)
    }

    @Test func onceAllIsReadItStaysAsItWas() {
        var density = TokenDensity()
        for second in 0...100 { density.note(moment(second)) }
        #expect(density.expected.map { abs($0 - 8000) < 1 } == true)
    }

    @Test func aSourceOfUnknownLengthTellsNothing() {
        var density = TokenDensity()
        for second in 0...50 {
            var moment = moment(second)
            moment.extents.append(nil)
            density.note(moment)
        }
        #expect(density.expected == nil)
    }
}
