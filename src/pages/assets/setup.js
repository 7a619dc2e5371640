// The code comes in the fragment, which browsers send to no server and which proxies never see.
const code = location.hash.slice(1).replace(/^token=/, "");
const field = document.getElementById("token");
if (code && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("email").focus();
}
