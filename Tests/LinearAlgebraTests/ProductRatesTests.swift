import LinearAlgebra
import Testing

@testable import LinearAlgebra

@Suite struct ProductRatesTests {
    private func slower(
        _ panels: [VectorInstructions: Double], columns: [VectorInstructions: Double] = [:]
    ) -> [ProductRates.Slower] {
        ProductRates([.panels: panels, .columns: columns]).slower
    }

    @Test func aHigherSetThatIsSlowerIsNamedWithTheFastestBelowIt() {
        #expect(
            slower([.baseline: 19, .avx2: 100, .avx512: 43]) == [
                ProductRates.Slower(product: .panels, higher: .avx512, lower: .avx2, ratio: 0.43)
            ])
        #expect(
            slower([.baseline: 20], columns: [.baseline: 20, .avx2: 10, .avx512: 15]) == [
                ProductRates.Slower(product: .columns, higher: .avx2, lower: .baseline, ratio: 0.5),
                ProductRates.Slower(product: .columns, higher: .avx512, lower: .baseline, ratio: 0.75),
            ])
    }

    @Test func whatIsFasterOrNearlySoIsNotNamed() {
        #expect(slower([.baseline: 19, .avx2: 97, .avx512: 101]).isEmpty)
        #expect(slower([.avx2: 100, .avx512: 81], columns: [.baseline: 5]).isEmpty)
        #expect(slower([:]).isEmpty)
    }

    @Test func everySetOfFloatsIsMeasuredByTheGivenClock() throws {
        // A clock that stands still between its readings and then moves on by two milliseconds.
        var seconds = 0.0
        let measured = ProductRates.measured {
            seconds += 2e-3
            return seconds
        }
        let sets = VectorInstructions.available.filter { $0.floats == $0 }
        for (product, rows) in [(ProductRates.Product.panels, 48.0), (.columns, 8)] {
            let rates = try #require(measured.rates[product])
            #expect(rates.keys.sorted() == sets)
            #expect(rates.values.allSatisfy { abs($0 / (rows * 192 * 576 / 2e-3) - 1) < 1e-9 })
        }
        #expect(measured.slower.isEmpty)
    }
}
