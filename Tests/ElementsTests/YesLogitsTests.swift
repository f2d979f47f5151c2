import Elements
import Testing

@Suite struct YesLogitsTests {
    @Test func bytesGiveBackWhatWasRounded() {
        let logits = YesLogits(
            positives: [0, 1.0 / 64, -3.3, 40, -.infinity, .nan], negatives: [], trainPositives: [2],
            trainNegatives: [-2, 5])
        #expect(logits.positives == [0, 1.0 / 64, -211.0 / 64, 16, -16, 0])
        #expect(YesLogits(bytes: logits.bytes) == logits)
        #expect(logits.bytes.count == 1 + 4 * 2 + 2 * 9)
        let empty = YesLogits(positives: [], negatives: [])
        #expect(YesLogits(bytes: empty.bytes) == empty)
    }

    @Test func anythingElseIsRefused() {
        let bytes = YesLogits(positives: [1, 2], negatives: [3]).bytes
        #expect(YesLogits(bytes: []) == nil && YesLogits(bytes: [2] + bytes.dropFirst()) == nil)
        for count in 1..<bytes.count { #expect(YesLogits(bytes: Array(bytes.prefix(count))) == nil) }
        #expect(YesLogits(bytes: bytes + [0]) == nil)
        #expect(YesLogits(bytes: [1, 255, 255]) == nil)
    }
}
