import Stages
import Testing

@Suite struct StoredSizeTests {
    /// What is on disk after checkpoints of so many bytes each, the first of which is a base or not.
    private func size(_ bytes: [Int], hasBase: Bool = true) -> StoredSize {
        var size = StoredSize()
        for (epoch, bytes) in bytes.enumerated() {
            size.add(bytes, epoch: UInt64(epoch + 1), isBase: hasBase && epoch == 0)
        }
        return size
    }

    @Test func manyCheckpointsAreFoldedHoweverSmall() {
        var size = size(Array(repeating: 1, count: 64), hasBase: false)
        #expect(!size.isFoldDue(above: 64, whole: 64))
        size.add(1, epoch: 65, isBase: false)
        #expect(size.isFoldDue(above: 64, whole: 64))
        size.add(65, epoch: 65, isBase: true)
        #expect(size.checkpoints == 1 && !size.isFoldDue(above: 64, whole: 64))
    }

    @Test(arguments: [false, true]) func fewLargeOnesAreFoldedIfABaseWouldBeLessThanHalfOfThem(hasBase: Bool) {
        let size = size([500 << 20] + Array(repeating: 100 << 20, count: 10), hasBase: hasBase)
        #expect(!size.isFoldDue(above: 64, whole: 700 << 20))
        // What was sampled may have been let go of again.
        #expect(size.isFoldDue(above: 64, whole: 600 << 20))
    }

    @Test func whatIsReadInNoTimeIsLeftAsItIs() {
        #expect(!size([1 << 20] + Array(repeating: 7 << 20, count: 32)).isFoldDue(above: 64, whole: 1 << 20))
    }

    @Test func aBaseIsNotWrittenAgainBeforeMoreHasCome() {
        #expect(!size([900 << 20], hasBase: true).isFoldDue(above: 64, whole: 900 << 20))
        #expect(!size([900 << 20], hasBase: false).isFoldDue(above: 64, whole: 900 << 20))
    }

    @Test func segmentsThatWereWrittenAheadOfACheckpointCountWithIt() {
        var size = StoredSize()
        for _ in 0..<100 { size.add(1, epoch: 1, isBase: false) }
        #expect(size.checkpoints == 1)
        for _ in 0..<100 { size.add(1, epoch: 2, isBase: false) }
        #expect(size.checkpoints == 2 && !size.isFoldDue(above: 2, whole: 0) && size.isFoldDue(above: 1, whole: 0))
    }
}
