import LinearAlgebra
import Testing

@testable import LanguageModels

@Suite struct TokenRowsTests {
    private let texts = [(first: 0, count: 5), (first: 61, count: 10), (first: 130, count: 0), (first: 7, count: 150)]

    @Test func aPositionAlwaysStandsAtTheSamePlaceOfAGroup() {
        for period in [1, 2, 12, 64] {
            let rows = TokenRows(together: texts, period: .groups(of: period))
            #expect(rows.units.count == 1 && rows.rows % period == 0)
            #expect(rows.rows < 165 + 4 * period)
            var used = Set<Int>()
            for span in rows.units.flatMap(\.spans) {
                for index in 0..<span.count {
                    #expect((span.row + index - span.first - index) % period == 0)
                    #expect(used.insert(span.row + index).inserted)
                }
            }
            #expect(used.count == 165 && used.allSatisfy { (0..<rows.rows).contains($0) })
        }
    }

    @Test func tilesHave64RowsEach() {
        let rows = TokenRows(together: texts, period: .none)
        #expect(rows.units.map(\.rows) == [Int](repeating: 64, count: 6))
        #expect(rows.units.enumerated().allSatisfy { $1.start == 64 * $0 && $1.spans.count == 1 })
        #expect(rows.units.flatMap(\.spans).allSatisfy { $0.row == $0.first % 64 && $0.row + $0.count <= 64 })
        #expect(rows.rows(texts: 4).map(\.count) == [5, 10, 0, 150])
        let second = [125, 126, 127] + Array(128..<135)
        #expect(rows.rows(texts: 4)[1] == second)
    }

    @Test func singleRowsFollowEachOther() {
        let rows = TokenRows(single: texts)
        #expect(rows.rows == 165 && rows.rows(texts: 4)[3] == Array(15..<165))
    }

    @Test func thePeriodHoldsInProducts() throws {
        let shapes = [(columns: 67, depth: 96), (columns: 130, depth: 33)]
        guard case .groups(let period) = RowPeriod.probe(shapes: shapes) else { return }
        func values(_ count: Int) -> [Float] { (0..<count).map { index in Float(index * 7919 % 1009) / 1009 - 0.5 } }
        let weights = values(67 * 96)
        let row = values(96)
        var bits: [Int: [UInt32]] = [:]
        for count in [period, 3 * period, 7 * period] {
            var products = [Float](repeating: 0, count: count * 67)
            multiply(
                (0..<count).flatMap { _ in row }, transposed: weights, into: &products, rows: count, columns: 67,
                depth: 96)
            for place in 0..<count {
                let found = products[place * 67..<place * 67 + 67].map(\.bitPattern)
                #expect(bits[place % period, default: found] == found)
                bits[place % period] = found
            }
        }
    }
}
