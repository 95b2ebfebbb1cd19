; For tauri's own installer. An update keeps the nightly job; its path stays the same.
!macro NSIS_HOOK_PREUNINSTALL
  ${If} $UpdateMode <> 1
    nsExec::Exec '"$INSTDIR\panopto-analytics.exe" --quiet --no-keychain nightly remove'
    Pop $0
  ${EndIf}
!macroend
