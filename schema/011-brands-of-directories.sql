-- The theme of a directory has no names of another company, and its logo is a path on this server.
update directories
  set theme = replace(theme, '"intandem_goto_url":null,"intandem_logo_bright":null,"intandem_logo_dark":null,', '');
update directories
  set theme = replace(theme, '"logo":null,', '"logo":"/assets/logo/directory/' || uid || '",')
  where logo is not null;
