import ArgumentParser
import Testing

@testable import gloss

@Suite struct TokenAmountTests {
    @Test(arguments: [
        ("1478874", 1_478_874.0), ("250k", 250e3), ("10M", 10e6), ("1.5G", 1.5e9), ("3B", 3e9), ("2T", 2e12),
    ])
    func aNumberWithItsFactorIsRead(text: String, tokens: Double) throws {
        #expect(try TokenAmount.parse(text) == tokens)
    }

    @Test(arguments: ["", "M", "0", "0M", "-1M", "ten", "1e6", "10 M", "10MM", "1.2.3M", "nan", "inf", "１０M"])
    func whatIsNoNumberOfTokensIsRefused(text: String) {
        #expect(throws: ValidationError.self) { try TokenAmount.parse(text) }
    }
}
