import Elements
import Testing

@Suite struct ShareNameTests {
    @Test(arguments: [(0, 1), (0, 2), (3, 4), (1023, 1024)]) func aNameIsReadAsItIsWritten(ordinal: Int, count: Int) {
        let name = ShareName(ordinal: ordinal, of: count)
        #expect(name.description == "shards-\(ordinal)-of-\(count)" && ShareName(name.description) == name)
    }

    @Test(
        arguments: [
            "", "shards", "shards-0-of-", "shards-2-of-2", "shards-0-of-0", "shards--1-of-2", "shards-+1-of-2",
            "shards-01-of-2", "shards-1-of-02", "shards-1-of-2-", "shards-1-of-2.copying", "Shards-0-of-2",
            "shards-0-in-2", "shards-a-of-2", "shards-0-of-99999999999999999999",
        ])
    func whatIsNoNameIsNone(text: String) { #expect(ShareName(text) == nil) }
}
