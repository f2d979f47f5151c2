import Foundation
import NIOCore
import NIOEmbedded
import Testing

@testable import Serving

@Suite struct AcceptBackoffTests {
    private struct Other: Error {}

    /// Whether the channel was last told to accept; `nil` if it was told nothing.
    private func accepts(_ channel: EmbeddedChannel) -> Bool? {
        channel.options.last { $0.0 is ChannelOptions.Types.AutoReadOption }?.1 as? Bool
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func nothingIsAskedOfASystemThatHasNoDescriptorUntilTheNextTry(code: Int32) throws {
        let channel = EmbeddedChannel(handler: AcceptBackoff())
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        #expect(accepts(channel) == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(499))
        #expect(accepts(channel) == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(accepts(channel) == true)
        // The error has ended nothing.
        try channel.throwIfErrorCaught()
    }

    @Test func anyOtherErrorGoesOn() throws {
        let channel = EmbeddedChannel(handler: AcceptBackoff())
        channel.pipeline.fireErrorCaught(Other())
        #expect(accepts(channel) == nil)
        #expect(throws: Other.self) { try channel.throwIfErrorCaught() }
    }
}
