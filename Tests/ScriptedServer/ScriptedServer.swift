internal import NIOCore

/// An HTTP server on the loopback interface that does to its clients whatever a script says.
public struct ScriptedServer: Sendable {}
