import Elements
import Foundation
import Testing

@testable import Store

@Suite struct StoredDetailsTests {
    private let details = [
        "auroc": Estimate(value: 0.1, lower: -1e-9, upper: 12_345_678_901_234.5, count: 3),
        "a \"b\"\n": Estimate(value: 1, lower: 0, upper: 1, count: 0),
    ]

    @Test func whatIsStoredIsReadBackToTheBit() throws {
        let text = StoredDetails.text(details)
        #expect(StoredDetails.read(text) == details)
        #expect(StoredDetails.read("{}") == [:])
        // As a reader that knows nothing of the form reads it.
        let plain = try JSONDecoder().decode([String: [Double]].self, from: Data(text.utf8))
        #expect(plain.mapValues { $0.prefix(3) } == details.mapValues { [$0.value, $0.lower, $0.upper][...] })
    }

    @Test(arguments: [
        "", "[]", "null", #"{"a":1}"#, #"{"a":[1,2,3]}"#, #"{"a":[1,2,3,4,5]}"#, #"{"a":[1,2,3,4.5]}"#,
        #"{"a":[1,2,3,-1e99]}"#,
        #"{"a":[1,2,3,"4"]}"#, #"{"a":[1,2,3,4]"#, #"{"a":[1,2,3,4]} x"#,
    ]) func whatIsOfAnotherFormIsNotRead(text: String) { #expect(StoredDetails.read(text) == nil) }
}
