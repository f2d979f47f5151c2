import Stages
import Testing

@Suite struct StoredSizeTests {
    @Test func manySegmentsAreFoldedHoweverSmall() {
        var size = StoredSize()
        for _ in 0..<64 { size.add(1, isBase: false) }
        #expect(!size.isFoldDue(above: 64))
        size.add(1, isBase: false)
        #expect(size.isFoldDue(above: 64))
        size.add(65, isBase: true)
        #expect(size.segments == 1 && !size.isFoldDue(above: 64))
    }

    @Test func fewLargeOnesAreFoldedWhenTheyAreTwiceTheBase() {
        var size = StoredSize()
        size.add(500 << 20, isBase: true)
        for _ in 0..<10 { size.add(100 << 20, isBase: false) }
        #expect(!size.isFoldDue(above: 64))
        size.add(1, isBase: false)
        #expect(size.isFoldDue(above: 64))
    }

    @Test func whatIsReadInNoTimeIsLeftAsItIs() {
        var size = StoredSize()
        size.add(1 << 20, isBase: true)
        for _ in 0..<32 { size.add(8 << 20, isBase: false) }
        #expect(!size.isFoldDue(above: 64))
    }

    @Test func oneLargeSegmentIsAsGoodAsABase() {
        var size = StoredSize()
        size.add(900 << 20, isBase: false)
        #expect(!size.isFoldDue(above: 64))
    }
}
