import Testing

@testable import Stages

@Suite struct CleanOutputsTests {
    @Test func whatIsKnownOfATextIsKeptUntilThereIsNoRoom() {
        // Each text of two tokens with ten logits takes 48 bytes.
        let outputs = CleanOutputs(mostBytes: 100)
        for text in 0..<2 {
            outputs.note([0, UInt32(text)]) { $0.logits = [Float](repeating: Float(text), count: 10) }
        }
        #expect(outputs.byteCount == 96)
        #expect(outputs[[0, 1]].logits?.first == 1 && outputs[[0, 0]].logits?.count == 10)
        outputs.note([0, 1]) { $0.continuation = [7] }
        #expect(outputs.byteCount == 100 && outputs[[0, 1]].continuation == [7] && outputs[[0, 1]].logits != nil)
        // One more than there is room for.
        outputs.note([0, 2]) { $0.continuation = [3] }
        #expect(outputs.byteCount == 12 && outputs[[0, 2]].continuation == [3] && outputs[[0, 1]].logits == nil)
    }

    @Test func whatIsLargerThanAllRoomIsNotKept() {
        let outputs = CleanOutputs(mostBytes: 40)
        outputs.note([1]) { $0.continuation = [2] }
        outputs.note([2]) { $0.logits = [Float](repeating: 0, count: 10) }
        #expect(outputs[[2]].logits == nil && outputs[[1]].continuation == [2] && outputs.byteCount == 8)
    }
}
